"""The outbox: bundles that a person said to send, the office that takes them, and the receipts that come back."""
