"""Tests of the fleet's and the orders' rows."""
