"""The order of the test files: those that take longest first, so that no core waits for another at the end.

Those with a window come after all others: from the first window on, Python collects garbage in the window's thread
only, while its events run.
"""

from __future__ import annotations

LONGEST = (
    "tests/printing/test_extraction.py",
    "tests/cli/test_bad_input.py",
    "tests/draft/file/test_journal.py",
    "tests/draft/session/test_marked_export.py",
    "tests/bundle/test_integrators.py",
    "tests/ui/test_gallery.py",
    "tests/ui/printing/test_printing.py",
    "tests/ui/export/test_wizard.py",
    "tests/ui/shell/test_access_window.py",
    "tests/ui/register/test_register.py",
    "tests/ui/widgets/test_access.py",
    "tests/ui/review/test_navigator.py",
    "tests/ui/support/test_starting.py",
    "tests/ui/evidence/test_overview.py",
)
"""Measured; a file that is not here takes a few seconds at most."""

_PLACES = {name: place for place, name in enumerate(LONGEST)}


def place(test: str) -> tuple[bool, int]:
    """What to sort a test by, given as ``tests/folder/test_file.py::test_name``."""
    name = test.partition("::")[0]
    return name.startswith(("tests/ui/", "tests/journeys/")), _PLACES.get(name, len(LONGEST))
