"""The agency's window: what it does with the bundles that it receives."""
