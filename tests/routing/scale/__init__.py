"""Tests of large days."""
