"""Editions as signed packs: built by the agency, verified and installed by an office."""
