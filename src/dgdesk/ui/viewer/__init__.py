"""Window, viewer: evidence looked at inside the program, and its key passage marked."""
