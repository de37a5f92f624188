"""Printing, survey: the whole form on paper, and every question's way there.

`sections` walks the form in its printed order, `questions` asks the module of the question's kind in `kinds` for its
blocks, `evidence` lists what is attached where it is asked for; `document` puts the parts together and prints them.
"""
