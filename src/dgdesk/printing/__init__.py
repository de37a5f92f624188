"""Thai text on paper, from plain strings to a tagged PDF/A-2a file whose text can be copied unchanged.

`fonts` builds a typeface for one document, `blocks`, `paragraph` and `tables` lay out, `document` writes the file.
"""
