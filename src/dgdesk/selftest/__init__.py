"""Self-test: the whole program does its work once and says how it went: frozen on an office PC, or from source."""
