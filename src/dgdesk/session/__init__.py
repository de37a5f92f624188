"""FormSession: a person's work on one draft. Every action is durable when it returns, and says what changed.

``session.answer(address, value)`` writes the change to the package in one transaction, evaluates the rules and returns
a frozen `Changes`; the window and the command line both work through it. Undo is the same way backwards.
"""

from __future__ import annotations

from dgdesk.session.answering import Answering
from dgdesk.session.attaching import Attaching
from dgdesk.session.store import Store

__all__ = ["FormSession", "Store"]


class FormSession(Answering, Attaching):
    """One person's edits of one draft. Not thread-safe: one thread at a time."""
