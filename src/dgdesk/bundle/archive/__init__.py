"""The container: a BagIt 1.0 bag (RFC 8493) in a stored zip, written and strictly read."""
