"""The agency's work on what it receives: many bundles checked at once, and collated into tables."""
