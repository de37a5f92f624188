"""Finds texts that are not whole; it lives in the program, since the self-test of the frozen one asks too."""

from dgdesk.ui.whole import broken_texts, split_words

__all__ = ["broken_texts", "split_words"]
