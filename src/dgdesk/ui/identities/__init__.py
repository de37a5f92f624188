"""Who signs on this PC: identities chosen, created, imported, enrolled, locked, backed up."""
