"""Orders of the order system: their rows, what is personal of them, how ready the cars are."""
