"""The session: one person's edits of one draft. Every action is durable when it returns, and says what changed.

``session.answer(address, value)`` writes the change to the file in one transaction, evaluates the rules and returns
a frozen `Changes`; the window and the command line both work through it. Undo is the same path backwards.
"""

from __future__ import annotations

from dgdesk.draft.session.answering import AnswerActions
from dgdesk.draft.session.arranging import ArrangeActions
from dgdesk.draft.session.attaching import EvidenceActions
from dgdesk.draft.session.base import Store

__all__ = ["FormSession", "Store"]


class FormSession(AnswerActions, EvidenceActions, ArrangeActions):
    """One person's edits of one draft. Not thread-safe: one thread at a time."""
