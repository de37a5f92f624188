"""The export wizard: from the draft to a signed bundle, a page for each question."""
