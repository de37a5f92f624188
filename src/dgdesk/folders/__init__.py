"""Evidence as folders: all of it written out as a tree by question, and a folder of files attached by name."""
