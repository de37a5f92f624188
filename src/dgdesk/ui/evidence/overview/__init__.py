"""The evidence overview: every evidence slot in a table that sorts, filters and prints."""
