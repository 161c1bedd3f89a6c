"""A finished plan on days that do not go as planned; docs/robustness.md defines it."""
