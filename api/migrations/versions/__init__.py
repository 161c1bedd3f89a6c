"""The steps. A published step is never changed: a new one is added."""
