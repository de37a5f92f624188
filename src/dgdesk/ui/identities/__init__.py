"""Identities on this PC: choose, create, import, enrol, change the passphrase, back up."""
