"""Proofs of the promise book in their long form: `python -m tests.prove --help`."""
