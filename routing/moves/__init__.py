"""A plan changed by hand: one order to another place, judged exactly, and back again."""
