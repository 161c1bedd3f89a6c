"""Floor 3: command line, files in and out. The only floor that knows users and the time of day."""

__version__ = "0.1.0"
"""The one place the version is written; pyproject, plan.json and `--version` read it here."""
