"""Pages of evidence: sizes, pixels, text. No Qt; pypdfium2 and Pillow behind one interface.

Places on a page are fractions of the page as it is displayed upright, from its top left corner, as in
`dgdesk.survey.answers.marks`.
"""
