"""The relay: carries events from the outbox to whoever registered for them."""
