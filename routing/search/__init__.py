"""The search: insertion, ruin and recreate, a pool of routes, a master that chooses from it."""
