"""Random drafts, exported: what a draft holds is what its bundle holds and what the report says is left out.

``build/dev.py faults --only unsent`` makes 300 of them; `tests/submission/test_unsent_bundles.py` makes a few.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pikepdf

from dgdesk.bundle.export import ExportReport
from dgdesk.bundle.signing.identity import Identity, create_identity
from dgdesk.bundle.verify import verify_bundle
from dgdesk.draft.changes import EXTERNAL
from dgdesk.draft.drafts import Draft, new_draft, open_draft
from dgdesk.draft.session import FormSession
from dgdesk.draft.unsent import unsent_report
from dgdesk.submission.export import export_draft
from dgdesk.survey.answers.marks import Mark, Rect
from dgdesk.survey.answers.values import Json, Value, encode
from dgdesk.survey.definition.form import WITHOUT_ANSWER, Form, Node
from dgdesk.survey.rules.problems import asks_for_evidence
from dgdesk.text.messages import load_catalogue
from scenario import best

PROVINCE = "general.province"

NOW = datetime.fromisoformat("2026-11-20T09:30:00+07:00")
SEEDS = 300
_TEXT = load_catalogue("en").text
_CHOICES = ("single", "row", "multiple", "repeat")

Place = tuple[str, str]
"""An evidence slot and the SHA-256 of a file there."""


@dataclass(frozen=True)
class Holdings:
    """What somebody holds: answers in their JSON form by address, and files by place, with their sizes."""

    answers: Mapping[str, Json]
    files: Mapping[Place, int]


def signer(folder: Path) -> Identity:
    """Return who signs."""
    start = NOW - timedelta(days=1)
    return create_identity(folder, person="สมชาย ใจดี", province="น่าน", passphrase=None, now=start)


def empty_draft(path: Path) -> Path:
    """Make a draft of Nan without answers, to be copied."""
    new_draft(path, clock=lambda: NOW, who="สมชาย", respondent="TH-55").close()
    return path


def fill(draft: Draft, chance: random.Random, folder: Path) -> None:
    """Answer about half of the form, attach files anywhere, and then change answers, so that places are left out."""
    session, form = draft.session, draft.session.form
    nodes = [node for node in form.nodes if node.kind not in WITHOUT_ANSWER and node.address != PROVINCE]
    session.answer_all({node.address: encode(_value(node, chance)) for node in nodes if chance.random() < 0.5})
    files = [_file(folder, number, chance) for number in range(chance.randint(1, 6))]
    facts, shown = session.state.facts, session.state.shown
    asked = [one.id for one in form.slots.values() if asks_for_evidence(form, facts.answers, shown, one)]
    anywhere = chance.sample(list(form.slots), chance.randint(3, 15))
    for slot in dict.fromkeys((*anywhere, *chance.sample(asked, min(len(asked), chance.randint(3, 15))))):
        for source in chance.sample(files, chance.randint(1, min(3, len(files)))):
            _attach(session, slot, source, chance)
    for _ in range(chance.randint(0, 25)):
        _change(session, form, nodes, chance)


def _attach(session: FormSession, slot: str, source: Path, chance: random.Random) -> None:
    mark = Mark(1, (Rect(0.1, 0.1, 0.5, 0.3),), "ตรงนี้")
    how: list[dict[str, Any]] = [{}, {"whole": True}, {"pages": "1"}, {"passages": "ย่อหน้าแรก"}]
    if source.suffix == ".pdf":
        how.append({"marks": [mark]})
    session.attach(slot, source, **chance.choice(how))


def _change(session: FormSession, form: Form, nodes: list[Node], chance: random.Random) -> None:
    """Make one change as a person does, wherever it is possible."""
    node = chance.choice([one for one in nodes if one.kind in _CHOICES] if chance.random() < 0.7 else nodes)
    answers = session.state.facts.answers
    match chance.choice(("answer", "answer", "clear", "unread", "remove", "detach", "undo")):
        case "answer":
            session.answer(node.address, encode(_value(node, chance)))
        case "clear":
            session.answer(node.address, None)
        case "unread" if node.kind in ("number", "url", "email", "month_year"):
            session.set_answer_from_text(node.address, "ไม่ใช่คำตอบ ๆ")
        case "remove" if node.kind == "repeat" and isinstance(answers.get(node.address), tuple):
            session.remove_item(node.address, chance.choice(answers[node.address]))  # type: ignore[arg-type]  # a tuple
        case "detach" if session.state.facts.evidence:
            slot = chance.choice(list(session.state.facts.evidence))
            session.detach(slot, chance.choice(session.state.facts.evidence[slot]).sha256)
        case "undo" if session.can_undo:
            session.undo()


def _value(node: Node, chance: random.Random) -> Value:
    match node.kind:
        case "single" | "row":
            return chance.choice(node.options)
        case "multiple":
            exclusive = {one.id for one in node.field.options if one.exclusive}
            plain = [one for one in node.options if one not in exclusive]
            some = chance.sample(plain, chance.randint(1, len(plain)))
            return tuple(one for one in node.options if one in some)
        case "repeat":
            return tuple(chance.sample(node.options, chance.randint(1, len(node.options))))
        case "number" | "percent":
            return Decimal(chance.randint(0, 12))
    return best(node)


def _file(folder: Path, number: int, chance: random.Random) -> Path:
    if chance.random() < 0.2:
        path = folder / f"หลักฐาน {number}.pdf"
        with pikepdf.new() as document:
            document.add_blank_page()
            document.docinfo["/Title"] = str(chance.random())
            document.save(path, deterministic_id=True)
        return path
    path = folder / f"หลักฐาน {number}.txt"
    path.write_text(f"เอกสาร {number} {chance.random()}", encoding="utf-8")
    return path


def held_by_draft(path: Path) -> Holdings:
    """Return what a draft file stores, read anew from its rows."""
    with open_draft(path, clock=lambda: NOW, who="สมชาย", read_only=True) as draft:
        stored = draft.package.answers()
        answers = {
            address: value
            for address, value in stored.items()
            if value is not None and not address.startswith(EXTERNAL)
        }
        files = {
            (key.target, key.file): _size(value)
            for key, value in draft.package.attachments().items()
            if value is not None
        }
    return Holdings({address: _plain(value) for address, value in answers.items()}, files)


def _size(value: Json) -> int:
    assert isinstance(value, dict)
    size = value["size"]
    assert isinstance(size, int)
    return size


def _plain(value: Any) -> Any:
    """Return a stored or written answer in one form: numbers as `Decimal`, what was typed as the text alone."""
    if isinstance(value, dict):
        return {"unread": value["unread"]}
    if isinstance(value, int | float):
        return Decimal(str(value))
    return value


def held_by_bundle(path: Path) -> Holdings:
    """Return what a bundle holds; each file's content is read and hashed."""
    with zipfile.ZipFile(path) as archive:
        names = {name.partition("/")[2]: name for name in archive.namelist()}
        written = json.loads(archive.read(names["data/submission.json"]), parse_float=Decimal)
        files = {}
        for item in written["evidence"]:
            content = archive.read(names[f"data/{item['file']}"])
            place = (item["slot"], hashlib.sha256(content).hexdigest())
            assert place[1] == item["sha256"] and place not in files
            files[place] = len(content)
    return Holdings({address: _plain(value) for address, value in written["answers"].items()}, files)


def left_out(draft: Draft, report: ExportReport) -> Holdings:
    """Return what the report of an export says was left out, as ``export --json`` shows it."""
    answers = draft.session.state.facts.answers
    shown = unsent_report(draft.session.form, answers, report.unsent, _TEXT)
    said = json.loads(json.dumps(shown))
    places = said["places"]
    found = Holdings(
        {one["field"]: _plain(one["answer"]) for one in places if one["answer"] is not None},
        {(one["slot"], file["sha256"]): file["size"] for one in places for file in one["files"]},
    )
    assert (said["files"], said["size"]) == (len(found.files), sum(found.files.values()))
    assert said["answers"] == len(found.answers)
    assert all(one["why"]["message"] and one["where"] for one in places)
    return found


def export_random(seed: int, empty: Path, folder: Path, identity: Identity) -> Counter[str]:
    """Fill a draft from a seed, export it, and compare; return how much was sent and left out.

    Raises:
        AssertionError: something the draft holds is neither in the bundle nor in the report, or is in both.
    """
    chance = random.Random(seed)
    path, target = folder / f"{seed}.dgdesk", folder / f"{seed}.zip"
    path.write_bytes(empty.read_bytes())
    with open_draft(path, clock=lambda: NOW, who="สมชาย") as draft:
        fill(draft, chance, folder)
        report = export_draft(draft, target, identity=identity, reason="แก้ไข", claimed_time=NOW, as_draft=True)
        rest = left_out(draft, report)
    whole, sent = held_by_draft(path), held_by_bundle(target)
    assert not sent.files.keys() & rest.files.keys(), seed
    assert {**sent.files, **rest.files} == whole.files, seed
    assert not sent.answers.keys() & rest.answers.keys(), seed
    assert {**sent.answers, **rest.answers} == whole.answers, seed
    verdict = verify_bundle(target, trusted=[identity.certificate_pem], now=NOW)
    assert verdict.ok, (seed, verdict.problems)
    assert (verdict.unsent_files, verdict.unsent_answers) == (len(rest.files), len(rest.answers)), seed
    return Counter(
        bundles=1,
        files=len(whole.files),
        files_left_out=len(rest.files),
        answers=len(whole.answers),
        answers_left_out=len(rest.answers),
    )


def main(argv: list[str]) -> int:
    """Make the bundles and print what was found."""
    parser = argparse.ArgumentParser(prog="unsent")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--short", action="store_true")
    chosen = parser.parse_args(argv)
    began, counts = time.monotonic(), Counter[str]()
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        identity, empty = signer(base / "signer"), empty_draft(base / "empty.dgdesk")
        for seed in range(chosen.seed, chosen.seed + (SEEDS // 12 if chosen.short else SEEDS)):
            with tempfile.TemporaryDirectory(dir=base) as folder:
                counts += export_random(seed, empty, Path(folder), identity)
    print(
        f"found: {counts['bundles']} random bundles: of {counts['files']:,} files at their places"
        f" {counts['files_left_out']:,} and of {counts['answers']:,} answers {counts['answers_left_out']:,} were left"
        f" out, each named in the report; nothing else, {time.monotonic() - began:.0f} s"
    )
    return 0
