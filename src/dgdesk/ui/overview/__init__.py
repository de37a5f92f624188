"""The evidence overview: every place for evidence in a table that sorts, filters, leads there and prints."""
