"""Files and this PC: atomic writes, settings, profile, progress, checks of the PC. Knows nothing of drafts."""
