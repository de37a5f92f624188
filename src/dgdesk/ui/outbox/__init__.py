"""The outbox in the window: what waits, how far it is, and what the office says."""
