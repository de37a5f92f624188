"""The viewer: evidence shown inside the program, its key passage marked."""
