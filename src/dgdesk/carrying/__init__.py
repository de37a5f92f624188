"""Evidence as folders: all of it written as a tree by question, and a folder of files attached by their names."""
