"""Jobs: work that takes longer than a request, done once, whoever dies meanwhile."""
