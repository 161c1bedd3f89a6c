"""Bugs planted in the rules: what the planner gets wrong, the auditor or a story must notice."""
