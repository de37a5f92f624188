"""The lint of words finds private vocabulary in names, docstrings and documentation, and nothing else."""

from __future__ import annotations

from pathlib import Path

from devtools.words import forbidden, in_module, in_page, parts

MODULE = '''"""Window, the place of files.

The draft is told anew; a helpdesk, `the desk`, and the help desk are fine.
"""

Way = int


class CareTask:
    """Keeps THE FILE."""

    told: bool

    def always(self, looks: int, headroom: int) -> None:
        """Finds a way to the room."""
'''


def test_names_are_judged_by_their_parts() -> None:
    assert parts("MainWindowCare") == ["main", "window", "care"]
    assert parts("_chore_of2") == ["chore", "of"]
    names = [(hit.line, hit.text) for hit in in_module("src/dgdesk/ui/desk.py", MODULE) if " " not in hit.text]
    assert sorted(names) == [(1, "desk"), (6, "Way"), (9, "CareTask"), (12, "told"), (14, "looks")]


def test_docstrings_are_judged_by_their_words() -> None:
    found = [(hit.line, hit.word) for hit in in_module("src/dgdesk/text/dates.py", MODULE) if " " in hit.text]
    assert sorted(found) == [(1, "window,"), (3, "anew"), (3, "told"), (10, "the file"), (15, "room")]


def test_a_page_is_read_without_its_code() -> None:
    page = "The desk of `desk.py`.\n```sh\nls room\n```\nIts looks, [by](way.md) the help desk.\n"
    assert [(hit.line, hit.word) for hit in in_page("docs/a.md", page)] == [(1, "desk"), (5, "looks")]


def test_a_checkout_is_searched_apart_from_its_changelog(tmp_path: Path) -> None:
    for name, text in {
        "src/dgdesk/care/__init__.py": "",
        "CHANGELOG.md": "The room.",
        "README.md": "The room.",
        "docs/decisions/001-words.md": "Anew.",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = [(hit.path, hit.word) for hit in forbidden(tmp_path)]
    assert found == [
        ("src/dgdesk/care/__init__.py", "care"),
        ("README.md", "room"),
        ("docs/decisions/001-words.md", "anew"),
    ]
