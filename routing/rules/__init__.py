"""The rules of the road: one file, one reason, one story test, one audit check each.

A rule compiles itself to a mechanism of the search (mask, load, clock, shared resource, cost);
the search knows mechanisms, never rules.
"""
