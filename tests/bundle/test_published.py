"""The JSON Schemas of receipt and addendum, as they are published: those of the models, no more and no less."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bundle.support import NOW
from dgdesk.bundle import addendum, receipt
from dgdesk.bundle.addendum import Addendum, addendum_schema
from dgdesk.bundle.exact_json import canonical_json
from dgdesk.bundle.receipt import issue_receipt, receipt_schema
from dgdesk.bundle.signing.identity import Identity
from dgdesk.bundle.verify import verify_bundle

ROOT = Path(__file__).resolve().parents[2]


def checker(schema: Any) -> jsonschema.Draft202012Validator:
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def refused(check: jsonschema.Draft202012Validator, good: dict[str, Any], **changes: object) -> bool:
    return not check.is_valid(good | changes)


@pytest.mark.parametrize(
    ("file", "made"),
    [(receipt.SCHEMA_FILE, receipt_schema()), (addendum.SCHEMA_FILE, addendum_schema())],
    ids=["receipt", "addendum"],
)
def test_the_published_schemas_are_the_models(file: str, made: bytes) -> None:
    """Write one again with its function when the model changes, and note it in the changelog."""
    assert (ROOT / file).read_bytes() == made


def test_the_schema_of_receipts_takes_what_is_issued_and_no_more(bundle: Path, signer: Identity) -> None:
    verdict = verify_bundle(bundle, trusted=[signer.certificate_pem])
    issued = json.loads(issue_receipt(verdict, signer, office="สพร.", file="น่าน.zip", now=NOW))
    schema = json.loads(receipt_schema())
    outer, inner = checker(schema), checker(schema["properties"]["receipt"]["contentSchema"])
    assert outer.is_valid(issued) and refused(outer, issued, more="x") and refused(outer, issued, receipt={})
    assert not outer.is_valid({"receipt": issued["receipt"]})
    text = json.loads(issued["receipt"])
    assert inner.is_valid(text)
    for name in text:
        assert not inner.is_valid({key: value for key, value in text.items() if key != name}), name
    assert len(text) == 11
    assert refused(inner, text, format=2) and refused(inner, text, kind="dgdesk-addendum")
    assert refused(inner, text, digest="x") and refused(inner, text, draft=0) and refused(inner, text, more=1)
    assert refused(inner, text, office="a\nb") and refused(inner, text, received="๒๐26-11-20T02:30:00Z")


def test_the_schema_of_addenda_takes_what_the_model_takes_and_no_more() -> None:
    scan = {"file": "scans/S0001.pdf", "name": "ใบลงนาม.pdf", "sha256": "a" * 64, "size": 9}
    good: dict[str, Any] = {
        "kind": "dgdesk-addendum",
        "format": 1,
        "digest": "a" * 64,
        "answers_digest": "b" * 64,
        "province": "TH-55",
        "edition": "th-province-2568",
        "scans": [scan],
    }
    written = json.loads(canonical_json(Addendum.model_validate(good).model_dump()))
    check = checker(json.loads(addendum_schema()))
    assert written == good and check.is_valid(good)
    wrong: list[dict[str, Any]] = [{"format": 2}, {"kind": "x"}, {"digest": "A" * 64}, {"province": ""}, {"more": 1}]
    scans = [{"file": "scans/S000๑.pdf"}, {"file": "../S0001.pdf"}, {"size": 0}, {"size": 51 << 20}, {"more": 1}]
    wrong += [{"scans": []}, {"scans": [scan] * 11}, *({"scans": [scan | change]} for change in scans)]
    for changes in wrong:
        assert refused(check, good, **changes), changes
        with pytest.raises(ValueError, match="validation error"):
            Addendum.model_validate(good | changes)
