"""What every part of the window is handed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from dgdesk.evidence.documents import Documents, own_documents
from dgdesk.system.profile import Profile
from dgdesk.ui.widgets.icons import Icons
from dgdesk.ui.widgets.label import Texts


@dataclass(frozen=True)
class Services:
    """Texts, the clock (aware), who works here, the person's profile, the icons drawn so far, and what reads
    documents.
    """

    texts: Texts
    clock: Callable[[], datetime]
    who: str
    profile: Profile
    icons: Icons = field(default_factory=Icons)
    documents: Documents = field(default_factory=own_documents)


def system_name() -> str:
    """Return the name the system has for the user, "?" where it knows none."""
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "?"
