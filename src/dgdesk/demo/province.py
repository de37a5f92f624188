"""The demo's province: answers for every question, from a small data file and simple rules."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from dgdesk.survey.answers.values import Json
from dgdesk.survey.definition.form import WITHOUT_ANSWER, Form, Node
from dgdesk.survey.definition.models import Frozen


class EvidenceText(Frozen):
    """The names and contents of the demo's evidence files."""

    pages: str
    passages: str
    name: str
    title: str
    body: str


class Province(Frozen):
    """A made-up province, as ``resources/demo/demo.yaml`` describes it."""

    province: str
    person: str
    claimed_time: str
    today: str
    choices: Mapping[str, str]
    several: Mapping[str, tuple[str, ...]]
    items: Mapping[str, int]
    numbers: Mapping[str, str]
    texts: Mapping[str, str]
    kinds: Mapping[str, str]
    evidence: EvidenceText


def read_province(path: Path) -> Province:
    """Read a made-up province."""
    with path.open(encoding="utf-8") as stream:
        tree: Any = yaml.load(stream, Loader=yaml.CBaseLoader)
    return Province.model_validate(tree)


def answers_of(form: Form, province: Province) -> dict[str, Json]:
    """Return an answer for every field of the form, including fields that will be hidden."""
    return {node.address: _answer(node, province) for node in form.nodes if node.kind not in WITHOUT_ANSWER}


def _answer(node: Node, province: Province) -> Json:
    match node.kind:
        case "single" | "row":
            if node.address == "general.province":
                return province.province
            usual = next((option for option in ("yes", "known") if option in node.options), node.options[-1])
            return province.choices.get(node.address, usual)
        case "multiple":
            named = province.several.get(node.field.id)
            return list(named if named is not None else node.options[:-1] or node.options)
        case "repeat":
            return list(node.options[: province.items.get(node.address, 1)])
        case "number" | "percent":
            return province.numbers.get(node.field.id, province.kinds[node.kind])
        case "text" | "long_text" | "phone" | "email":
            return _longest(province.texts, node.field.id) or province.kinds[node.kind]
        case _:
            return province.kinds[node.kind]


def _longest(texts: Mapping[str, str], field_id: str) -> str | None:
    fitting = [key for key in texts if field_id.startswith(key)]
    return texts[max(fitting, key=len)] if fitting else None
