"""Compatibility: drafts and bundles that earlier states of the program made open, migrate and verify as they did.

    python -m faults compat [--seed N] [--forms N]

``goldens/<commit>.dgdesk.xz``, ``….zip.xz`` and ``….pem`` were made by the command line of that commit, ``….json`` says
what it read back itself. Every bundle (old ones, and random forms exported now, ready or not, with marks) is
held against the published JSON Schema.
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
import shutil
import sys
import tempfile
import time
import traceback
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pikepdf

from dgdesk.bundle.signing.identity import create_identity
from dgdesk.bundle.verify import verify_bundle
from dgdesk.draft.drafts import Draft, new_draft, open_draft, repair_draft
from dgdesk.errors import DgdeskError
from dgdesk.submission.export import export_draft
from dgdesk.survey.answers.marks import Mark, Rect
from dgdesk.survey.answers.values import encode
from random_forms import _random_form

GOLDENS = Path(__file__).parent / "goldens"
V1 = Path(__file__).parents[1] / "draft" / "file" / "fixtures" / "v1.dgdesk"
SCHEMA = Path(__file__).parents[2] / "docs" / "submission.schema.json"
NOW = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)


def clock() -> datetime:
    return NOW


def unpack(name: str, folder: Path) -> Path:
    """A golden file as it was, in a folder of this run."""
    target = folder / name
    target.write_bytes(lzma.decompress((GOLDENS / f"{name}.xz").read_bytes()))
    return target


def read(draft: Draft) -> dict[str, Any]:
    """What ``….json`` tells of a draft, read now."""
    package = draft.package
    return {
        "answers": package.answers(),
        "evidence": package.evidence(),
        "definition": package.definition_sha256,
        "history": len(package.history(1000)),
        "can_undo": package.can_undo,
        "can_redo": package.can_redo,
        "exports": [dict(one.record) for one in package.exports()],
        "files": [[one.sha256, one.size] for one in package.files()],
        "meta": dict(package.meta),
    }


def old_draft(commit: str, folder: Path) -> None:
    """It opens, holds what it held, goes on, and is repaired into the same."""
    path = unpack(f"{commit}.dgdesk", folder)
    expected = json.loads((GOLDENS / f"{commit}.json").read_text(encoding="utf-8"))
    with open_draft(path, clock=clock, who="-") as draft:
        found = read(draft)
        assert found == expected, {key: (found[key], expected[key]) for key in expected if found[key] != expected[key]}
        assert draft.package.check() == ()
        for one in draft.package.files():
            assert sum(map(len, draft.package.read_file(one.sha256))) == one.size
        for slot, files in draft.session.state.facts.evidence.items():
            wait = {one.code for one in draft.session.state.problems if one.slot == slot and one.severity == "error"}
            assert wait == (set() if any(one.marked for one in files) else {"evidence.unmarked"}), slot
        known = {key for key in found["answers"] if key in draft.session.form.position}
        assert known == set(found["answers"]), "answers that today's form does not have"
        assert draft.session.redo() or not expected["can_redo"]
        assert draft.session.answer("general.address", "ศาลากลางหลังใหม่")
        assert draft.session.undo() and draft.package.check() == ()
    new = folder / "repaired.dgdesk"
    assert repair_draft(path, new, clock=clock, who="-").losses == ()
    with open_draft(new, clock=clock, who="-") as draft, open_draft(path, clock=clock, who="-") as before:
        assert draft.package.answers() == before.package.answers() and draft.package.check() == ()
    new.unlink()


def old_bundle(commit: str, folder: Path) -> None:
    """It verifies, by who signed it, and its submission fits the schema; with a byte changed it does not."""
    path = unpack(f"{commit}.zip", folder)
    trusted = [(GOLDENS / f"{commit}.pem").read_bytes()]
    verdict = verify_bundle(path, trusted=trusted)
    assert verdict.ok, verdict.problems
    fits(path)
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 1
    path.write_bytes(data)
    assert not verify_bundle(path, trusted=trusted).ok


def fits(bundle: Path) -> None:
    """The bundle's submission is what the published schema says."""
    with zipfile.ZipFile(bundle) as opened:
        (name,) = (name for name in opened.namelist() if name.endswith("data/submission.json"))
        submission = json.loads(opened.read(name))
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(submission)


def old_package(folder: Path) -> None:
    """A package of version 1 is migrated, with its copy beside it; nothing in it is today's form."""
    from dgdesk.draft.file.opening import open_draft_file

    path = Path(shutil.copy(V1, folder / "v1.dgdesk"))
    with open_draft_file(path, clock=clock, who="-") as package:
        assert package.answers() == {"g1": "ใช่", "g2": 12.5} and package.check() == ()
        assert package.redo() is not None and package.check() == ()
    assert (folder / "v1.v1-backup.dgdesk").exists()


def random_bundle(seed: int, folder: Path) -> None:
    """A form filled at random, with files and marks, exported as it is: verified, and as the schema says."""
    dice = random.Random(seed)
    bundle = folder / f"{seed}.zip"
    with new_draft(folder / f"{seed}.dgdesk", clock=clock, who="-", respondent="TH-55") as draft:
        session = draft.session
        filled = {
            address: encode(value)
            for address, value in _random_form(seed).items()
            if address != "general.province" and dice.random() < 0.9
        }
        session.answer_all(filled)
        session.set_answer_from_text("general.email", dice.choice(["nan@", "nan@example.go.th"]))
        source = folder / f"{seed}.pdf"
        with pikepdf.new() as document:
            document.add_blank_page(page_size=(300 + seed % 200, 400))
            document.save(source, deterministic_id=True)
        for slot in dice.sample(sorted(session.form.slots), 12):
            marks = [Mark(1, (Rect(0.1, 0.2, 0.5, 0.6),), dice.choice(["", "ตรงนี้"]))] if dice.random() < 0.5 else []
            said = {"pages": dice.choice(["", "๑"]), "marks": marks, "whole": dice.random() < 0.3}
            session.attach(slot, source, name=f"{dice.randrange(9)}.pdf", **said)
        signer = create_identity(
            folder / f"id{seed}", person="สมชาย", province="น่าน", passphrase=None, now=NOW - timedelta(days=1)
        )
        export_draft(draft, bundle, identity=signer, claimed_time=NOW, as_draft=True)
    verdict = verify_bundle(bundle, trusted=[signer.certificate_pem])
    assert verdict.ok, verdict.problems
    fits(bundle)
    bundle.unlink()


def main(argv: list[str] | None = None) -> int:
    """Run all of it; 1 where something does not hold."""
    parser = argparse.ArgumentParser(prog="compat")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--forms", type=int)
    parser.add_argument("--short", action="store_true")
    options = parser.parse_args(argv)
    commits = sorted(path.name.partition(".")[0] for path in GOLDENS.glob("*.json"))
    forms = options.forms or (2 if options.short else 20)
    tasks: list[tuple[str, Callable[[Path], None]]] = [("package of version 1", old_package)]
    for commit in commits:
        tasks.append((f"draft of {commit}", lambda folder, commit=commit: old_draft(commit, folder)))
        tasks.append((f"bundle of {commit}", lambda folder, commit=commit: old_bundle(commit, folder)))
    for number in range(forms):
        seed = options.seed * 1000 + number
        tasks.append((f"random form {seed}", lambda folder, seed=seed: random_bundle(seed, folder)))
    start, wrong = time.monotonic(), 0
    for name, task in tasks:
        with tempfile.TemporaryDirectory(prefix="dgdesk-compat-") as folder:
            try:
                task(Path(folder))
            except (AssertionError, DgdeskError, jsonschema.ValidationError) as error:
                wrong += 1
                print(f"WRONG {name}: {str(error)[:2000]}")
            except Exception:
                wrong += 1
                print(f"WRONG {name}: {traceback.format_exc()}")
    print(f"seed {options.seed}, {time.monotonic() - start:.0f} s")
    print(
        f"found: {len(commits)} earlier states opened, {forms} random bundles against the schema, "
        f"{len(tasks)} checks, {wrong} wrong"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
