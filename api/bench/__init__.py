"""Engines side by side: cases in, rows out, each row searched in a process of its own."""
