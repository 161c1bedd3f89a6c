"""Large days: cut into parts that share nothing, planned anywhere, put together again."""
