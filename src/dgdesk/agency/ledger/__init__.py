"""The ledger: every file of an inbox and every bundle that was verified, once, in SQLite or PostgreSQL. No Qt."""
