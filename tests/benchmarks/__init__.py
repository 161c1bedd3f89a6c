"""Measurements, not tests: `make bench` prints them, nothing fails by them.

Each `bench_*.py` has one function, `measure() -> Iterator[Measurement]`.
"""
