"""Marks tests that call a program of the system; `build/devtools/declared.py` says which there are."""

from __future__ import annotations

import shutil
import sys

import pytest


def needs(*names: str) -> pytest.MarkDecorator:
    """Mark a test that calls these programs.

    On Linux the set-up brings every declared program, so the test is never skipped there: a missing one fails it.
    """
    missing = [name for name in names if shutil.which(name) is None]
    return pytest.mark.skipif(
        bool(missing) and not sys.platform.startswith("linux"),
        reason=f"{', '.join(missing)}: declared for Linux, and not on the PATH of this system",
    )
