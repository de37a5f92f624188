"""Printing, survey, kinds: one small module for each kind of question, as in the window's editors.

Each has ``blocks(desk, at, ask)``: what stands under the question's own text, or with it where a blank is on the line.
"""
