"""Marks and marked copies as a receiver finds them: what is taken, and what is refused even when it is signed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bundle.support import BAG, JPEG, PDF, evidence, export, pack, payload, sign_again, submission, unpack
from dgdesk.bundle.signing.identity import Identity
from dgdesk.bundle.submission import EvidenceItem, mark_item, read_submission, submission_schema
from dgdesk.bundle.verify import verify_bundle
from dgdesk.survey.answers.marks import Mark, make_rect
from dgdesk.text.messages import Catalogue

COPY = b"%PDF-1.7 marked\n" * 50
MARK: dict[str, Any] = {"page": 3, "rects": [["0.1", "0.2", "0.5", "0.3"]], "note": "ข้อ 2", "text": ""}
SCHEMA = jsonschema.Draft202012Validator(json.loads(submission_schema()))


def marked(number: int = 1, content: bytes = PDF, called: str = "a.pdf", **changes: Any) -> EvidenceItem:
    plain = evidence(number, content, called)
    rects = make_rect(0.1, 0.2, 0.5, 0.3)
    assert rects is not None
    values = {
        **plain.model_dump(exclude_defaults=True),
        "marks": (mark_item(Mark(3, (rects,), "ข้อ 2")).model_dump(),),
        "marked_file": f"marked/E{number:04}.pdf",
        **changes,
    }
    return EvidenceItem.model_validate({key: value for key, value in values.items() if value is not None})


def handed_in(*items: EvidenceItem, **files: bytes) -> dict[str, Any]:
    """The payload of a bundle with these items, and files of other names below data/ (``__`` for the slash)."""
    named = {name.replace("__", "/") + ".pdf": content for name, content in files.items()}
    return payload(**{"submission.json": submission(evidence=items).to_bytes(), **named})


def test_a_marked_copy_is_payload_like_any_other(tmp_path: Path, signer: Identity) -> None:
    items = (marked(), evidence(2, JPEG, "b.jpg"))
    report = export(tmp_path / "a.zip", signer, handed_in(*items, marked__E0001=COPY))
    assert verify_bundle(report.path, trusted=[signer.certificate_pem]).ok
    files = unpack(report.path.read_bytes())
    assert files[f"{BAG}/data/marked/E0001.pdf"] == COPY
    assert b"data/marked/E0001.pdf\n" in files[f"{BAG}/manifest-sha256.txt"]
    assert read_submission(files[f"{BAG}/data/submission.json"]).evidence == items


def test_the_whole_file_is_handed_in_as_true_or_not_at_all(tmp_path: Path, signer: Identity) -> None:
    whole = marked(marks=None, marked_file=None, whole=True)
    items = (whole, evidence(2, JPEG, "b.jpg"))
    report = export(tmp_path / "a.zip", signer, handed_in(*items))
    assert verify_bundle(report.path, trusted=[signer.certificate_pem]).ok
    content = json.loads(unpack(report.path.read_bytes())[f"{BAG}/data/submission.json"])
    assert [one.get("whole", "absent") for one in content["evidence"]] == [True, "absent"]
    SCHEMA.validate(content)
    for odd in (False, 1, "true", None):
        content["evidence"][0]["whole"] = odd
        with pytest.raises(ValueError):
            read_submission(json.dumps(content).encode())
        assert not SCHEMA.is_valid(content)


CASES: list[tuple[str, dict[str, Any], list[str]]] = [
    ("marks without a copy", handed_in(marked(marked_file=None), evidence(2, JPEG, "b.jpg")), []),
    (
        "one copy for two places, the second without marks",
        handed_in(
            marked(), marked(slot="x", marks=None, marked_file=None), evidence(2, JPEG, "b.jpg"), marked__E0001=COPY
        ),
        [],
    ),
    ("a copy that is not there", handed_in(marked(), evidence(2, JPEG, "b.jpg")), ["verify.marked_missing"]),
    (
        "a copy that no answer names",
        handed_in(marked(), evidence(2, JPEG, "b.jpg"), marked__E0001=COPY, marked__E0002=COPY),
        ["verify.marked_unlisted"],
    ),
    (
        "a copy without marks",
        handed_in(marked(marks=None), evidence(2, JPEG, "b.jpg"), marked__E0001=COPY),
        ["verify.marked_differs"],
    ),
    (
        "a copy named after another file",
        handed_in(marked(marked_file="marked/E0002.pdf"), evidence(2, JPEG, "b.jpg"), marked__E0002=COPY),
        ["verify.marked_differs"],
    ),
    (
        "two copies of one file",
        {
            **handed_in(
                marked(),
                marked(slot="x", marked_file="marked/E0001.png"),
                evidence(2, JPEG, "b.jpg"),
                marked__E0001=COPY,
            ),
            "marked/E0001.png": COPY,
        },
        ["verify.marked_differs"],
    ),
]


@pytest.mark.parametrize(("contents", "expected"), [row[1:] for row in CASES], ids=[row[0] for row in CASES])
def test_a_signature_does_not_make_a_wrong_copy_right(
    tmp_path: Path,
    signer: Identity,
    catalogues: list[Catalogue],
    contents: Mapping[str, Any],
    expected: list[str],
) -> None:
    sound = handed_in(marked(), evidence(2, JPEG, "b.jpg"), marked__E0001=COPY)
    files = unpack(export(tmp_path / "a.zip", signer, sound).path.read_bytes())
    plain = {name: content for name, content in files.items() if not name.startswith(f"{BAG}/data/")}
    for path, content in contents.items():
        plain[f"{BAG}/data/{path}"] = content if isinstance(content, bytes) else b"".join(content.read())
    sizes = [len(content) for name, content in plain.items() if name.startswith(f"{BAG}/data/")]
    info = f"{BAG}/bag-info.txt"
    plain[info] = re.sub(rb"Oxum: \S+", f"Oxum: {sum(sizes)}.{len(sizes)}".encode(), plain[info])
    (tmp_path / "b.zip").write_bytes(pack(sign_again(plain, signer)))
    verdict = verify_bundle(tmp_path / "b.zip", trusted=[signer.certificate_pem])
    assert [problem.code for problem in verdict.problems] == expected and verdict.ok is not bool(expected)
    for problem in verdict.problems:
        assert all(catalogue.text(problem.code, **problem.values) for catalogue in catalogues)


def test_a_copy_that_was_changed_or_added_on_the_way_is_found(tmp_path: Path, signer: Identity) -> None:
    contents = handed_in(marked(), evidence(2, JPEG, "b.jpg"), marked__E0001=COPY)
    whole = unpack(export(tmp_path / "a.zip", signer, contents).path.read_bytes())
    for name, content, code in (
        ("E0001.pdf", COPY[:-1] + b"!", "verify.file_changed"),
        ("E0002.pdf", COPY, "verify.not_listed"),
    ):
        (tmp_path / "b.zip").write_bytes(pack({**whole, f"{BAG}/data/marked/{name}": content}))
        verdict = verify_bundle(tmp_path / "b.zip", trusted=[signer.certificate_pem])
        assert not verdict.ok and code in {problem.code for problem in verdict.problems}


def changed(**changes: object) -> Callable[[dict[str, Any]], None]:
    return lambda item: item["marks"][0].update(changes)


@pytest.mark.parametrize(
    "change",
    [
        lambda item: item.update(marks=[]),
        lambda item: item.update(marks=None),
        lambda item: item.update(marks=item["marks"] * 201),
        lambda item: item.update(marked_file=""),
        lambda item: item.update(marked_file=None),
        lambda item: item.update(marked_file="evidence/E0001.pdf"),
        lambda item: item.update(marked_file="marked/../E0001.pdf"),
        lambda item: item.update(marked_file="marked/E0001"),
        changed(page=0),
        changed(page=True),
        changed(page="1"),
        changed(rects=[]),
        changed(rects=[[0.1, 0.2, 0.5]]),
        changed(rects=[[0.1, 0.2, 0.5, 0.6, 0.7]]),
        changed(rects=[[0.1, 0.2, 0.5, 1.5]]),
        changed(rects=[[-0.1, 0.2, 0.5, 0.5]]),
        changed(rects=[["0.1", 0.2, 0.5, 0.5]]),
        changed(rects=[[False, 0.2, 0.5, 0.5]]),
        changed(rects=[[0, 0, 1, 1]] * 501),
        changed(note=None),
        changed(note="ก" * 1001),
        changed(text="ก" * 4001),
        changed(more=1),
        lambda item: item["marks"][0].pop("text"),
    ],
)
def test_what_is_no_mark_is_refused_by_model_and_schema_alike(change: Callable[[dict[str, Any]], None]) -> None:
    document = json.loads(submission(evidence=[marked()]).to_bytes())
    assert SCHEMA.is_valid(document)
    change(document["evidence"][0])
    with pytest.raises(ValidationError):
        read_submission(json.dumps(document).encode())
    assert not SCHEMA.is_valid(document)


@pytest.mark.parametrize("rect", [[0.5, 0.2, 0.1, 0.3], [0.1, 0.3, 0.5, 0.3], [0.1, 0.2, 0.5, 0.30000001]])
def test_what_a_schema_cannot_say_the_model_refuses(rect: list[float]) -> None:
    document = json.loads(submission(evidence=[marked()]).to_bytes())
    document["evidence"][0]["marks"][0]["rects"] = [rect]
    with pytest.raises(ValidationError):
        read_submission(json.dumps(document).encode())


def test_without_marks_an_item_is_written_as_it_was_before_there_were_any() -> None:
    item = json.loads(submission().to_bytes())["evidence"][0]
    assert item.keys() == {"slot", "file", "name", "sha256", "size", "media_type", "pages", "passages"}


@given(st.tuples(*[st.floats(0, 1)] * 4).map(lambda four: make_rect(*four)).filter(bool))
def test_fractions_are_exact_and_come_back(rect: Any) -> None:
    item = marked(marks=(mark_item(Mark(1, (rect,))).model_dump(),))
    written = submission(evidence=[item]).to_bytes()
    (back,) = read_submission(written).evidence
    assert tuple(map(float, back.marks[0].rects[0])) == rect.corners
    assert read_submission(written).to_bytes() == written
