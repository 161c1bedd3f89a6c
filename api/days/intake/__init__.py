"""Reading a day: files as people keep them in, domain values and coded faults out."""
