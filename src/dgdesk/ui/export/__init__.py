"""The export wizard: from the draft to a signed bundle in four pages."""
