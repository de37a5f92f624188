"""A form filled as far as it goes, through a session: every option that opens something is chosen."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from dgdesk.draft.drafts import Draft
from dgdesk.survey.answers.values import Json
from dgdesk.survey.definition.form import Node, option_of

NAMES = ("น้ำ", "ญี่ปุ่น", "ฐานข้อมูลกลางของจังหวัดปัตตานี")


def fill_all(draft: Draft, files: Iterable[Path] = ()) -> None:
    """Answer every question; where options exclude each other, the one that opens most wins."""
    session = draft.session
    for node in session.form.nodes:
        if session.state.shown[session.form.position[node.address]] and (value := full_value(node)) is not None:
            session.answer(node.address, value)
    sources = list(files)
    for number, slot in enumerate(session.form.slots.values()):
        if sources and session.state.shown[slot.node]:
            session.attach(slot.id, sources[number % len(sources)], pages="3–5", passages="หัวข้อ “แผนงานดิจิทัล”")


def full_value(node: Node) -> Json:
    """A value for a node, None where it takes none or has one already."""
    match node.kind:
        case "single":
            if node.address == "general.province":
                return None
            return max(node.options, key=lambda one: _weight(node, one))
        case "row":
            return max(node.options, key=lambda one: _cell_weight(node, one))
        case "multiple":
            exclusive = {option.id for option in node.field.options if option.exclusive}
            return [one for one in node.options if one not in exclusive]
        case "repeat":
            return list(node.options)
        case "number":
            return 5
        case "percent":
            return 90
        case "month_year":
            return "2026-12"
        case "url":
            return "https://www.example.go.th/ข้อมูล"
        case "email":
            return "name@example.go.th"
        case "phone":
            return "08 1234 5678"
        case "text" if node.address == "general.extension":
            return "41"
        case "text" | "long_text":
            return f"{node.label} {NAMES[len(node.address) % len(NAMES)]}"[:400]
    return None


def _weight(node: Node, option: str) -> tuple[int, bool, bool]:
    model = option_of(node, option)
    assert model is not None
    inside = sum(1 for field in model.fields for _ in field.walk())
    return (-1 if model.skip is not None else inside, model.evidence is not None, option in ("yes", "known"))


def _cell_weight(node: Node, option: str) -> tuple[bool, bool]:
    return any(slot.option == option for slot in node.slots), option == "yes"
