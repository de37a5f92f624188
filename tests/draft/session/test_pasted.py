"""Anything pasted into any field is accepted and normalised, or kept as typed with a reason; nothing vanishes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dgdesk.survey.answers.values import UnreadValue, encode
from dgdesk.survey.definition.form import WITHOUT_ANSWER, Node
from dgdesk.text.messages import load_catalogue
from dgdesk.text.normalise import tidy
from scenario import real_rules

FORM = real_rules().form
CATALOGUE = load_catalogue()


def one_of_each() -> dict[str, Node]:
    """A field of every kind, and those that differ from others of their kind."""
    fields = {node.kind: node for node in reversed(FORM.nodes) if node.kind not in WITHOUT_ANSWER}
    special = ("general.office_phone", "general.mobile", "p4.6.1.1", "p4.2.2.3", "p5.3", "general.province")
    return fields | {address: FORM.node(address) for address in special}


NASTY = {
    "arabic digits": "٠٨١٢٣٤٥٦٧٨",
    "devanagari digits": "१२",
    "full-width": "１２ ％",
    "direction marks": "\u202e12\u202c \u200e34\u2069",
    "controls": "a\x00b\x07c\x1b[31m",
    "lone surrogate": "a\ud800b",
    "private use": "\uf70a\ue000",
    "zero width": "\u200b\u200d\ufeff",
    "piled marks": "ก" + "\u0e49" * 60,
    "very long": "ก" * 100_000,
    "very long digits": "9" * 100_000,
    "html": '<a href="https://a.go.th" onclick="x()">b &amp; c</a><script>alert(1)</script>',
    "sql": "'; DROP TABLE answer; --",
    "json": '{"unread": "x"}',
    "json list": '["1", "1"]',
    "deep list": "[" * 5000,
    "format": "{0} {x!r} %s %n",
    "two numbers": "12 13",
    "two phones": "053-112233 / 081-234-5678",
    "two addresses": "https://a.go.th https://b.go.th",
    "two e-mails": "a@b.go.th; c@d.go.th",
    "lines": "บรรทัดแรก\nบรรทัดสอง\r\nบรรทัดสาม\u2028บรรทัดสี่",
    "tabs": "1\t2\t3",
    "a phone": "0 5311 2233 ต่อ 12",
    "an e-mail": "name@example.go.th",
    "an address": "https://www.example.go.th/ข่าว?x=1#y",
    "a month": "ตุลาคม 2568",
    "a number with a unit": "12 บริการ",
    "a percentage": "ร้อยละ ๘๗.๕",
    "an option": "yes",
    "emoji": "👩\u200d💻 ดี",
    "a spreadsheet's formula": '=HYPERLINK("http://x")',
    "minus": "−5",
    "exponent": "1e400",
    "infinity": "inf NaN",
}


@pytest.mark.parametrize("name", NASTY)
def test_nothing_vanishes(desk: Any, name: str) -> None:
    typed = NASTY[name]
    for label, node in one_of_each().items():
        session = desk.session
        before = dict(session.state.facts.answers)
        changes = session.set_answer_from_text(node.address, typed)
        value = session.state.facts.answers.get(node.address)
        if not tidy(typed):
            assert value is None, label
        elif isinstance(value, UnreadValue):
            assert session.stored["answer", node.address, ""] == {
                "unread": typed.strip().replace("\ud800", "\ufffd")
            }, label
            assert CATALOGUE.text(value.why, **value.values), label
            if session.state.shown[FORM.position[node.address]]:
                reasons = [one for one in session.state.problems if one.address == node.address]
                assert value.why in [one.code for one in reasons], label
        elif node.kind in ("text", "long_text"):
            assert "".join(str(value).split()) == "".join(tidy(typed).split()), label
        else:
            assert value is not None, label
            json.dumps(encode(value))
        assert changes.answers <= {node.address, "general.extension"}, label
        if changes:
            session.undo()
        assert session.state.facts.answers == before, label


@pytest.mark.parametrize("name", NASTY)
def test_what_was_pasted_is_there_after_opening_the_draft_again(desk: Any, name: str) -> None:
    typed = NASTY[name]
    for node in one_of_each().values():
        desk.session.set_answer_from_text(node.address, typed)
    kept = dict(desk.session.state.facts.answers)
    assert desk.reopen().state.facts.answers == kept
