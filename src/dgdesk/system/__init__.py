"""Files and the PC, for every other part of the program. It knows nothing of drafts."""
