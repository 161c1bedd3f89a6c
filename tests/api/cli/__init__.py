"""The command line as a caller meets it."""
