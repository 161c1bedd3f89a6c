"""Tests of the sale on real roads."""
