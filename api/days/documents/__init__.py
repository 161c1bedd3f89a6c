"""What people hold: every file made from a plan, and the one function that writes them all.

`write.write_documents` writes the whole set, `export.export` a single one. Each module makes one
kind of file from a `Plan` as a pure function; the same plan gives the same bytes. Phones and
contact names reach the driver's papers (`manifest`, `truck_text`) and nothing else.
"""
