"""The viewer: shows evidence inside the program, and highlights its key passage."""
