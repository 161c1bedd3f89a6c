"""A day in files: reading what was handed in, and writing what people hold."""
