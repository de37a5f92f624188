"""Signed bundles: a BagIt bag in a stored zip, its signature, its encryption, and its strict verification."""
