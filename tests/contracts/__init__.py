"""Promises of the whole house: floors, packaging, clock, errors, documents, style, words."""
