"""The auditor's own reading of docs/schedule.md, one route at a time: clear before fast."""
