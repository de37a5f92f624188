"""Encryption for the agency: age v1 through pyrage."""
