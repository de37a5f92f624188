"""What an error says, to a log or a person: where in the program it was, never what somebody answered."""

from __future__ import annotations

import errno
import io
import traceback
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text

from dgdesk.cli.main import main
from dgdesk.draft.drafts import edition_rubric, load_form, new_draft
from dgdesk.support.report import DraftFacts, draft_report
from dgdesk.survey.answers.attachments import Attachment
from dgdesk.survey.rules.state import Facts, make_rules

SECRET = "ความลับ๗๓๑๙"


def test_a_failed_statement_does_not_tell_its_values(tmp_path: Path, clock: Callable[[], datetime]) -> None:
    with new_draft(tmp_path / "a.dgdesk", clock=clock, who="สมศรี") as draft:
        database = draft.package._database
        with pytest.raises(Exception) as caught, database.writing() as connection:
            connection.execute(
                text("INSERT INTO state (kind, target, file, value) VALUES ('x', 'g1', '', :v)"), {"v": SECRET}
            )
        told = "".join(traceback.format_exception(caught.value))
        assert "INSERT INTO state" in told  # the whole chain of errors was looked at
        assert SECRET not in told


@pytest.mark.parametrize(
    "error", [ValueError(SECRET), KeyError(SECRET), RuntimeError(SECRET), OSError(99, SECRET, f"/home/{SECRET}")]
)
@pytest.mark.parametrize("language", ["th", "en"])
def test_the_last_line_of_defence_tells_no_text_of_the_error(
    error: Exception, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> int:
        raise error

    monkeypatch.setattr("dgdesk.cli.main.command_of", lambda _: fail)
    err = io.StringIO()
    assert main(["score", "a.dgdesk", "--lang", language], io.StringIO(), err) == 3
    assert err.getvalue().count("\n") == 1
    assert SECRET not in err.getvalue()


@pytest.mark.parametrize("number", [errno.ENOENT, errno.ENOSPC, errno.EACCES, errno.EIO, errno.EROFS, 4711])
def test_what_the_system_refused_is_told_in_words_of_our_own(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> int:
        raise OSError(number, "words of the system", "/home/somsri/งาน.dgdesk")

    monkeypatch.setattr("dgdesk.cli.main.command_of", lambda _: fail)
    for language in ("th", "en"):
        err = io.StringIO()
        assert main(["score", "a.dgdesk", "--lang", language], io.StringIO(), err) == 3
        assert "words of the system" not in err.getvalue() and "somsri" not in err.getvalue()
        assert ("4711" in err.getvalue()) is (number == 4711)


def test_the_file_for_the_help_desk_and_the_log_name_no_kind_that_a_stranger_made_up() -> None:
    odd = Attachment("0" * 64, "ก.pdf", 1, "application/x-somchai.jaidee")
    rules = make_rules(load_form(), edition_rubric("th-province-2568"))
    state = rules.evaluate(Facts(evidence={"g1/yes": (odd,)}), date(2026, 12, 1))
    package: Any = SimpleNamespace(
        definition_sha256="", read_only=True, state_counter=1, path=Path("nowhere"), register=lambda: ()
    )
    report = draft_report(DraftFacts(package, rules.form, state, lambda: ()))
    assert report["media_types"] == {"other": 1}
