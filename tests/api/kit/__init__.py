"""Small things every feature needs."""
