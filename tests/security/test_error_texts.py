"""What an error says to a log: where in the program it was, never what somebody answered."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from dgdesk.drafts import new_draft

SECRET = "ความลับ๗๓๑๙"


def test_a_failed_statement_does_not_tell_its_values(tmp_path: Path, clock: Callable[[], datetime]) -> None:
    with new_draft(tmp_path / "a.dgdesk", clock=clock, who="สมศรี") as draft:
        database = draft.package._database
        with pytest.raises(Exception) as caught, database.writing() as connection:
            connection.execute(text("INSERT INTO state (kind, target, value) VALUES ('x', 'g1', :v)"), {"v": SECRET})
        told = "".join(traceback.format_exception(caught.value))
        assert "INSERT INTO state" in told  # the whole chain of errors was looked at
        assert SECRET not in told
