"""Keeps passphrases out of the environment of other programs and out of memory dumps."""

from __future__ import annotations

import sys
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Final

PASSPHRASE: Final = "DGDESK_PASSPHRASE"
"""Contains the passphrase of a signing identity, for commands that run without a person."""
_SET_DUMPABLE: Final = 4  # PR_SET_DUMPABLE


def take_environment(environment: MutableMapping[str, str]) -> dict[str, str]:
    """Return a copy of the environment, then remove the passphrase from it: child programs do not get it."""
    taken = dict(environment)
    environment.pop(PASSPHRASE, None)
    return taken


def forbid_dumps() -> None:
    """Forbid Linux to write this process's memory to disk, and this person's other processes to read it.

    The memory holds keys, passphrases and answers. Child programs are not affected. If the system refuses, the program
    works without this. Windows writes such dumps only if somebody configured it.

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
