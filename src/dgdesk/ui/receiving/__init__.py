"""Window, receiver's desk: what an agency does with the bundles that it gets."""
