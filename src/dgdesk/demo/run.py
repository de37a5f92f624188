"""The demo's province, and the whole job once with no display: fill, attach, export, print, verify."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from dgdesk.bundle.report import Verification
from dgdesk.bundle.signing.identity import Identity
from dgdesk.bundle.verify import verify_bundle
from dgdesk.demo.files import key_passage, makers
from dgdesk.draft.drafts import Draft, new_draft
from dgdesk.printing.survey.choices import PrintChoices
from dgdesk.submission.export import export_draft
from dgdesk.submission.survey_pdf import print_draft, write_print
from dgdesk.survey.answers.marks import Mark
from dgdesk.survey.answers.values import Json
from dgdesk.survey.definition.form import WITHOUT_ANSWER, Form, Node
from dgdesk.survey.definition.models import Frozen
from dgdesk.survey.rules.codes import nearest_code
from dgdesk.survey.rules.problems import asks_for_evidence
from dgdesk.survey.rules.report import score_report


class EvidenceText(Frozen):
    """The names and contents of the demo's evidence files."""

    pages: str
    passages: str
    name: str
    title: str
    body: str


class Province(Frozen):
    """A made-up province, as ``resources/demo/demo.yaml`` describes it."""

    edition: str
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
    return {node.address: _answer(form, node, province) for node in form.nodes if node.kind not in WITHOUT_ANSWER}


def _answer(form: Form, node: Node, province: Province) -> Json:
    match node.kind:
        case "single" | "row":
            if form.respondent is not None and node.address == form.respondent.field:
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


DemoStep = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Demo:
    """What the demo made, and the result of verifying it."""

    draft: Path
    bundle: Path
    survey: Path
    signoff: Path | None
    verification: Verification
    score: dict[str, object]
    answers: int
    files: int


def fill(draft: Draft, province: Province) -> int:
    """Answer every question and attach a file at every open evidence slot; return the number of these slots."""
    session = draft.session
    session.answer_all(answers_of(session.form, province))
    attached = 0
    with tempfile.TemporaryDirectory() as folder:
        for at, (slot, code) in enumerate(_open_places(draft)):
            path = _file(Path(folder), province, code, at + 1)
            rect = key_passage(path.suffix.removeprefix("."))
            session.attach(
                slot,
                path,
                pages=province.evidence.pages,
                passages=province.evidence.passages,
                marks=() if rect is None else (Mark(1, (rect,), province.evidence.passages),),
            )
            attached += 1
    return attached


def run_demo(
    draft_file: Path,
    bundle: Path,
    survey: Path,
    province: Province,
    identity: Callable[[], Identity],
) -> Demo:
    """Make a draft, fill it, export it, print it, and verify what was exported against the signer's certificate.

    Raises:
        DgdeskError: whatever the steps raise.
    """
    claimed = datetime.fromisoformat(province.claimed_time)
    with new_draft(draft_file, clock=lambda: claimed, who=province.person, edition=province.edition) as draft:
        files = fill(draft, province)
        signer = identity()
        report = export_draft(draft, bundle, identity=signer, claimed_time=claimed)
        printed = print_draft(
            draft, PrintChoices(variant="final"), claimed=claimed, answers_digest=report.answers_digest
        )
        write_print(survey, printed.data)
        state = draft.session.state
        return Demo(
            draft_file,
            bundle,
            survey,
            report.signoff,
            verify_bundle(bundle, trusted=[signer.certificate_pem]),
            score_report(draft.session.rules, state),
            len(state.facts.answers),
            files,
        )


def _open_places(draft: Draft) -> Iterator[tuple[str, str]]:
    form, state = draft.session.form, draft.session.state
    for slot in form.slots.values():
        if asks_for_evidence(form, state.facts.answers, state.shown, slot):
            yield slot.id, nearest_code(form, form.nodes[slot.node].address) or slot.id


def _file(folder: Path, province: Province, code: str, number: int) -> Path:
    kinds = makers()
    suffix, make = kinds[number % len(kinds)]
    name = province.evidence.name.format(code=code, number=number)
    path = folder / f"{name}.{suffix}"
    path.write_bytes(make(f"{code} / {number}", (province.evidence.title, province.evidence.body)))
    return path
