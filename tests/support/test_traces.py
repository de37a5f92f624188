"""An error is told by its kind and the places it passed; what it was about stays with the person."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from dgdesk.errors import FileError
from dgdesk.support.log import describe, frames, kind_of, short_path

SECRET = "นางสาวสมศรี ใจดี"


def failing(depth: int = 0) -> None:
    if depth:
        failing(depth - 1)
    try:
        raise OSError(28, "No space left", f"/home/somsri/{SECRET}")
    except OSError as error:
        raise FileError("package.disk_full", name=SECRET) from error


def test_an_error_is_told_with_its_cause_and_without_its_text() -> None:
    with pytest.raises(FileError) as caught:
        failing()
    text = "\n".join(describe(caught.value))
    assert "FileError package.disk_full" in text and "caused by OSError 28" in text
    assert "failing" in text and "test_traces.py" in text
    assert SECRET not in text and "somsri" not in text


def test_a_deep_recursion_is_told_by_its_ends() -> None:
    with pytest.raises(FileError) as caught:
        failing(200)
    told = frames(caught.value.__traceback__)
    assert len(told) == 41 and "more" in told[20]


def test_an_error_that_is_its_own_context_ends() -> None:
    one, other = ValueError("a"), KeyError("b")
    one.__context__, other.__context__ = other, one
    assert len(describe(one)) == 2


def test_kinds() -> None:
    assert kind_of(KeyError(SECRET)) == "KeyError"
    assert kind_of(FileError("package.held", user=SECRET)) == "dgdesk.errors.FileError package.held"
    with closing(sqlite3.connect(":memory:")) as base, pytest.raises(sqlite3.OperationalError) as caught:
        base.execute("select * from no_such")
    assert kind_of(caught.value) == "sqlite3.OperationalError 1"


@pytest.mark.parametrize(
    ("filename", "short"),
    [
        ("/home/somsri/dgdesk/src/dgdesk/ui/desk.py", "dgdesk/ui/desk.py"),
        (r"C:\Users\somsri\AppData\Local\dgdesk\_internal\dgdesk\ui\desk.py", "dgdesk/ui/desk.py"),
        ("/home/somsri/.venv/lib/python3.11/site-packages/sqlalchemy/engine/base.py", "sqlalchemy/engine/base.py"),
        ("/usr/lib/python3.11/json/decoder.py", "json/decoder.py"),
    ],
)
def test_no_folder_of_a_person_is_in_a_frame(filename: str, short: str) -> None:
    assert short_path(filename) == short
