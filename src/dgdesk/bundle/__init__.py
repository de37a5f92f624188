"""Signed BagIt bags in a stored zip: identities, export, and strict verification of untrusted ones."""
