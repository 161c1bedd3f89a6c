"""plan.html: one file with map, timeline and the left-behind list, that opens without a network.

`render` puts it together; `map`, `timeline` and `cards` compute what the template in `templates/`
writes. Nothing is drawn by script: without JavaScript the page reads the same, and stands still.
"""
