"""The printing room: Thai text on paper, from plain strings to a PDF/A-2b file that gives the same strings back.

`fonts` bakes a typeface for one document, `blocks`, `paragraph` and `tables` lay out, `document` writes the file.
"""
