"""Public instances, made-up ones, and their checker."""
