"""The room CARRYING: all evidence out as a folder tree, and a folder of files in, matched to places by their names."""
