"""Events to the order system: written with their fact, sent later."""
