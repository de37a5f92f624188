"""Signing: identities, keys, certificates, CAdES signatures, and whom a receiver trusts."""
