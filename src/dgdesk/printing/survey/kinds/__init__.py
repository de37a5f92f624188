"""Prints each kind of question: ``lines`` (text, numbers, months), ``choices`` (options), ``tables`` (matrix, repeat).

Every function takes a `PrintedQuestion` and yields the blocks of its answer. The registry is ``KINDS`` in
`dgdesk.printing.survey.sections`.
"""
