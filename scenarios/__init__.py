"""Floor 2: worlds, changes, sweeps and comparisons. Empty until the rural-reach issue."""
