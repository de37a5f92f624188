"""Window, services: what every part of the window is handed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from dgdesk.profile import Profile
from dgdesk.ui.text import Texts


@dataclass(frozen=True)
class Services:
    """Texts, the clock (aware), who works here, and the person's profile."""

    texts: Texts
    clock: Callable[[], datetime]
    who: str
    profile: Profile


def system_name() -> str:
    """Return the name the system has for the user, "?" where it knows none."""
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "?"
