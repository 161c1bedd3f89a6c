"""How the database came to be, step by step, and how an older one is brought up."""
