"""What an attach refuses, what it only asks about, and how much there may be in all."""

from __future__ import annotations

import pytest

from dgdesk.draft.drafts import load_form
from dgdesk.draft.session import FormSession
from dgdesk.evidence.limits import Quota, quota, used_bytes
from dgdesk.survey.definition.load import freeze, thaw
from dgdesk.survey.definition.models import EvidenceLimits
from dgdesk.survey.rules.state import make_rules
from dgdesk.system.progress import Progress


def test_what_is_doubtful_is_asked_and_attached_all_the_same(desk):
    source = desk.file("แผน.docx", b"%PDF-1.7 nothing that opens")
    looked = desk.session.look(source)
    assert [one.code for one in looked.asks] == ["incoming.damaged", "incoming.wrong_ending"] and not looked.refused
    desk.session.attach("g1/yes", source)
    (there,) = desk.session.state.facts.evidence["g1/yes"]
    assert (there.name, there.media_type) == ("แผน.docx", "application/pdf")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("แผน.pdf", b"MZ\x90\0" + bytes(60), "incoming.program"),
        ("แผน.txt", b"#!/bin/sh\n", "incoming.script"),
        ("แผน.bat", b"echo", "incoming.script"),
        ("แผน.docx", b"PK\x03\x04....", "incoming.archive"),
        ("แผน.zip", b"PK\x05\x06" + bytes(18), "incoming.archive"),
    ],
)
def test_what_is_no_evidence_is_refused_and_nothing_changes(desk, refused, name, content, code):
    source = desk.file(name, content)
    assert desk.session.look(source).refused[0].code == code
    with refused(code):
        desk.session.attach("g1/yes", source)
    assert desk.session.state.facts.evidence == {} and desk.draft.package.files() == ()
    assert not desk.session.can_undo


def test_a_file_may_be_known_by_another_name(desk):
    desk.session.attach("g1/yes", desk.file("E0001 x.txt", b"x"), name="คำสั่ง\nที่ ๑/๒.txt")
    assert desk.session.state.facts.evidence["g1/yes"][0].name == "คำสั่ง_ที่ ๑_๒.txt"


@pytest.fixture
def small(desk):
    """The session of `desk` under an edition that takes 10 bytes in a file and 25 in all."""
    rules = desk.session.rules
    limits = EvidenceLimits(file=10, total=25)
    form = rules.form
    definition = form.definition.model_copy(update={"evidence_limits": limits})
    narrow = type(form)(definition, form.nodes, form.position)
    return FormSession(make_rules(narrow, rules.rubric), desk.draft.package, rules_today)


def rules_today():
    from datetime import date

    return date(2026, 11, 20)


def quota_of(session):
    """How much evidence there is, against what the edition allows."""
    return quota(used_bytes(session.state.facts.evidence), session.form.definition.evidence_limits)


def test_more_than_the_edition_takes_is_refused_and_leaves_nothing(desk, small, refused):
    with refused("incoming.too_large"):
        small.attach("g1/yes", desk.file("ใหญ่.txt", b"x" * 11))
    one, two, three = (desk.file(f"{number}.txt", str(number).encode() * 10) for number in range(3))
    small.attach("g1/yes", one)
    assert quota_of(small) == Quota(10, 25, "room")
    small.attach("g1/yes", two)
    assert quota_of(small) == Quota(20, 25, "near")
    with refused("incoming.total_too_large"):
        small.attach("g1/yes", three)  # known once it is read: it might be one of the two
    copied = []
    with refused("incoming.total_too_large"):
        small.attach("g1/yes", desk.file("สี่.txt", b"123456"), progress=Progress(lambda *step: copied.append(step)))
    assert copied == []
    assert len(desk.draft.package.files()) == 2 and len(small.state.facts.evidence["g1/yes"]) == 2
    small.attach("g2/yes", one)  # it is in already and takes no more space
    small.attach("g2/yes", desk.file("เล็ก.txt", b"12345"))
    assert quota_of(small) == Quota(25, 25, "full")
    small.undo()
    assert quota_of(small).used == 20


def test_a_draft_begun_before_there_were_limits_has_none(desk):
    definition = load_form().definition
    old = freeze(definition.model_copy(update={"evidence_limits": None}))
    assert b"evidence_limits" not in old and thaw(old).evidence_limits is None
    assert thaw(freeze(definition)).evidence_limits == definition.evidence_limits
    assert quota_of(desk.session).limit == 8 << 30
