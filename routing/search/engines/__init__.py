"""Engines behind one protocol: each turns a plain model into routes."""
