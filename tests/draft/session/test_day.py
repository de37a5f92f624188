"""A draft that stays open over midnight: what depends on the date follows it, and one bundle knows one day."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pypdf
import pytest

from dgdesk.draft.changes import Changes
from dgdesk.submission.export import export_draft
from dgdesk.survey.rules.state import Rules

EVENING = datetime(2026, 11, 30, 16, 50, tzinfo=UTC)
"""Ten minutes before midnight in Thailand."""
MORNING = datetime(2026, 11, 30, 17, 10, tzinfo=UTC)
"""1 December in Thailand; by UTC it is November still."""
MONTH = "p1.4.1"


class Wall:
    """A clock that can be set."""

    def __init__(self):
        self.now = EVENING

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Wall()


@pytest.fixture
def late(desk, ready):
    """A ready draft, open on the last evening of a month that it names as the one in which something will be done."""
    desk.close()
    shutil.copyfile(ready, desk.path)
    desk.session.answer_all({"p1.4": "doing", MONTH: "2026-11"})
    assert desk.session.state.ready and not past(desk.session)
    return desk


def past(session):
    return [one.address for one in session.state.problems if one.code == "month_year.past"]


def test_a_month_is_past_once_midnight_in_thailand_is_with_nothing_typed(late):
    session = late.session
    assert session.follow_day() == Changes()
    late.clock.now = MORNING
    changes = session.follow_day()
    assert past(session) == [MONTH] and session.state.today == date(2026, 12, 1)
    assert changes.problems and not changes.answers and changes.at is None
    assert session.follow_day() == Changes()
    assert not session.can_redo and past(late.reopen()) == [MONTH]


def test_what_is_typed_next_follows_the_day_too(late):
    late.clock.now = MORNING
    changes = late.session.answer("general.address", "ศาลากลางจังหวัด")
    assert past(late.session) == [MONTH] and changes.problems


def test_to_ask_for_today_changes_nothing(late):
    late.clock.now = MORNING
    before = late.session.state
    assert [one.code for one in late.session.state_today().problems] != [one.code for one in before.problems]
    assert late.session.state is before


def test_score_and_print_of_a_bundle_are_of_one_day_and_evaluated_once(late, signer, monkeypatch):
    late.session.set_external("4.2", Decimal(5))
    late.clock.now = MORNING
    real, days = Rules.evaluate, []

    def evaluate(rules, facts, today, before=None):
        days.append((today, dict(facts.external)))
        return real(rules, facts, today, before)

    monkeypatch.setattr(Rules, "evaluate", evaluate)
    report = export_draft(late.draft, late.folder / "ส่ง.zip", identity=signer, reason="แก้ไข", claimed_time=MORNING)
    assert days == [(date(2026, 12, 1), {})]
    with zipfile.ZipFile(report.path) as archive:
        files = {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}
    assert json.loads(files["data/score.json"])["estimate"] is True
    cover = pypdf.PdfReader(io.BytesIO(files["data/survey.pdf"])).pages[0].extract_text()
    assert "1 ธ.ค. 2569" in " ".join(cover.split()) or "1 ธันวาคม 2569" in " ".join(cover.split())
