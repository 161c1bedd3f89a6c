"""Tests of the floor of days."""
