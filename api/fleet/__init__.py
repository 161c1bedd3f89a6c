"""Trucks, people, warehouses and what else a day stands on: kept, pooled, and made a basis of."""
