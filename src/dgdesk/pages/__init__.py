"""Pages of evidence: sizes, pixels, text, positions of marks. No Qt; pypdfium2 behind a small interface.

Places on a page are fractions of the page as it is displayed upright, from its top left corner, as in
`dgdesk.survey.answers.marks`.
"""
