"""Public instances, made-up ones, and a checker that no engine wrote.

Files in, plain models out; nothing here searches.
"""
