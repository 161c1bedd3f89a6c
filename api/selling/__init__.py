"""What is for sale: the next fourteen days of each pool, and the windows of an order in them."""
