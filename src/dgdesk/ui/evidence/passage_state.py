"""Whether the key passage of an attached file is marked, in words and with an icon."""

from __future__ import annotations

from typing import Final, Literal

from dgdesk.survey.answers.attachments import Attachment
from dgdesk.ui.form.bridge import Bridge

PassageState = Literal["marked", "unmarked", "annex"]
"""``unmarked``: the answer cannot be sent yet; ``annex``: it can, since another file or a URL is enough."""
STATUS: Final[dict[PassageState, str]] = {"marked": "complete", "unmarked": "evidence", "annex": "warning"}
"""The icon of each state."""


def passage_state(bridge: Bridge, slot: str, one: Attachment) -> PassageState:
    """Return how it stands with the key passage of a file at a slot."""
    if one.marked:
        return "marked"
    enough = bridge.form.slots[slot].rule == "optional" or bridge.is_satisfied(slot)
    return "annex" if enough else "unmarked"
