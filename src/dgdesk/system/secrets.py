"""System, secrets: what a passphrase must not get into: the environment of other programs, and dumps of memory."""

from __future__ import annotations

import sys
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Final

PASSPHRASE: Final = "DGDESK_PASSPHRASE"
"""Holds the passphrase of a signing identity, for commands that run without a person."""
_SET_DUMPABLE: Final = 4  # PR_SET_DUMPABLE


def take_environment(environment: MutableMapping[str, str]) -> dict[str, str]:
    """Return the environment as it is, and take the passphrase out of it: programs started from here do not get it."""
    taken = dict(environment)
    environment.pop(PASSPHRASE, None)
    return taken


def forbid_dumps() -> None:
    """Let Linux write no image of this process's memory to a disk, and no other process of this person read it.

    It holds keys, passphrases and answers. Programs that are started from here are as they would be. What the system
    refuses is left: the program works without. Windows keeps such images only where somebody set it up.

    Source: prctl(2), PR_SET_DUMPABLE; core(5).
    """
    if sys.platform != "linux":
        return
    with suppress(OSError, ValueError, ImportError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    with suppress(OSError, AttributeError, ImportError):
        import ctypes

        ctypes.CDLL(None).prctl(_SET_DUMPABLE, 0, 0, 0, 0)
