"""The rows of a day's sheets as they are kept: put one by one, read together as a day."""
