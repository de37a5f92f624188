"""The services that every part of the window is given."""

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
    """Texts, the clock (time-zone aware), the user's name and profile, the cached icons, and the document worker."""

    texts: Texts
    clock: Callable[[], datetime]
    who: str
    profile: Profile
    icons: Icons = field(default_factory=Icons)
    documents: Documents = field(default_factory=own_documents)


def system_name() -> str:
    """Return the login name of the user; "?" if the system knows none."""
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "?"
