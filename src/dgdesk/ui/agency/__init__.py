"""The agency's inbox: verify, decrypt, collate and acknowledge bundles."""
