"""An order system in small: what a real one has to do to sell windows and to hear of them, and
nothing else. To be read by whoever connects theirs; `flatbed fake-order-system` runs it."""
