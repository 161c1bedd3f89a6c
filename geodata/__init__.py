"""Floor 0: counties, addresses, roads and travel matrices. Knows no orders and no trucks."""
