"""What a day is made of: frozen values in aware datetimes, metres, kilograms and fen."""
