"""The promise book: windows that are offered, held, confirmed, and kept."""
