"""The score preview: the estimate, where it comes from, and what would add most."""
