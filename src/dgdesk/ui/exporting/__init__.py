"""Window, exporting: the wizard that makes a signed bundle of the draft, a page for each decision."""
