"""The whole survey on paper, question by question.

`sections` goes through the form in its printed order, `questions` gets the blocks of a question from the function of
its kind in `kinds`, `evidence` lists attachments at their slots; `document` joins the parts and prints them.
"""
