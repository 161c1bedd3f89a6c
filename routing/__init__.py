"""Floor 1: domain, rules, search, audit. Pure: request + matrix + policy + seed -> plan."""
