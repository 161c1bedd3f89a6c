"""Which windows can be promised: a pool-day in memory, asked again and again."""
