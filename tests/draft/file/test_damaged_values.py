"""Bytes that changed below SQLite's notice: read as an error or told by the check, never as a traceback or a fact."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from dgdesk.draft.file.model import Edit
from dgdesk.errors import FileError


@pytest.fixture
def kept(desk):
    with desk.create(definition=b"{}") as package:
        for number in range(3):
            package.apply([Edit("answer", f"a{number}", None, "yes")], "answer")
        package.register_export({"digest": "x"})
    return desk.path


def swap(path, *names):
    """Exchange the pages at which two tables begin."""
    with closing(sqlite3.connect(path)) as raw:
        size = raw.execute("PRAGMA page_size").fetchone()[0]
        roots = [
            raw.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)).fetchone()[0] for name in names
        ]
    data = bytearray(path.read_bytes())
    one, other = ((root - 1) * size for root in roots)
    data[one : one + size], data[other : other + size] = data[other : other + size], data[one : one + size]
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("names", "read"),
    [
        (("definition", "change"), lambda package: package.definition),
        (("export", "change"), lambda package: package.register()),
        (("state", "change_edit"), lambda package: package.answers()),
    ],
)
def test_a_value_of_another_type_is_damage(desk, kept, names, read):
    swap(kept, *names)
    with desk.open(read_only=True) as package:
        assert package.check()
        with pytest.raises(FileError) as caught:
            read(package)
        assert caught.value.code in ("package.damaged", "package.value_damaged", "package.definition_damaged")


@pytest.mark.parametrize("needle", ["สมชาย", "น่าน"])
def test_a_text_that_is_not_utf8_is_seen_by_the_check(desk, kept, needle):
    data = kept.read_bytes()
    kept.write_bytes(data.replace(needle.encode(), b"\xff" + needle.encode()[1:]))
    assert desk.open(read_only=True).check()


def test_a_schema_whose_text_is_not_utf8_is_called_damaged(desk, kept, refused):
    data = kept.read_bytes()
    kept.write_bytes(data.replace(b"CREATE TABLE state", b"CREATE T\xcePLE state"))
    for read_only in (True, False):
        with refused("package.damaged"):
            desk.open(read_only=read_only)
