"""Least change: what has happened since the plan, and the plan that follows from it."""
