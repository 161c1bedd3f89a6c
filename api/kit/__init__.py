"""Small things every feature of the API needs: the clock."""
