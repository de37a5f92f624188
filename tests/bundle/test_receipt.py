"""Receipts: what the office says of a verified bundle, and every forgery that must not enter a draft."""

from __future__ import annotations

import base64
import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from bundle.authority import make_authority
from bundle.support import NOW, export, saved_again
from dgdesk.bundle.exact_json import canonical_json
from dgdesk.bundle.receipt import issue_receipt, read_receipt, receipt_as_written
from dgdesk.bundle.report import Verification
from dgdesk.bundle.signing.identity import Identity, create_identity
from dgdesk.bundle.signing.pkcs12 import read_pkcs12
from dgdesk.bundle.signing.signature import sign
from dgdesk.bundle.verify import verify_bundle
from dgdesk.errors import DgdeskError
from tools import needs

LATER = NOW + timedelta(hours=3)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    folder = tmp_path_factory.mktemp("office")
    return create_identity(folder, person="เจ้าหน้าที่รับ", province="สพร.", passphrase=None, now=NOW)


@pytest.fixture
def verdict(bundle: Path, signer: Identity) -> Verification:
    return verify_bundle(bundle, trusted=[signer.certificate_pem])


@pytest.fixture
def receipt(verdict: Verification, office: Identity) -> bytes:
    return issue_receipt(verdict, office, office="สำนักงานพัฒนารัฐบาลดิจิทัล", file="น่าน.zip", now=LATER)


def code_of(content: bytes, by: Identity) -> str:
    with pytest.raises(DgdeskError) as caught:
        read_receipt(content, [by.certificate])
    return caught.value.code


def forge(receipt: bytes, by: Identity, when: datetime = LATER, **changes: object) -> bytes:
    """A receipt that says something else, signed again."""
    text = canonical_json(json.loads(json.loads(receipt)["receipt"]) | changes)
    signature = base64.b64encode(sign(text, by, when)).decode()
    return canonical_json({"receipt": text.decode(), "signature": signature})


def test_a_receipt_says_what_when_and_who(receipt: bytes, verdict: Verification, office: Identity) -> None:
    read = read_receipt(receipt, [office.certificate])
    assert (read.digest, read.answers_digest) == (verdict.digest, verdict.answers_digest)
    assert (read.signer, read.province, read.draft) == (verdict.fingerprint, "น่าน", False)
    assert (read.office, read.file, read.received_at) == ("สำนักงานพัฒนารัฐบาลดิจิทัล", "น่าน.zip", LATER)


def test_no_receipt_for_what_is_not_verified(bundle: Path, office: Identity) -> None:
    with pytest.raises(DgdeskError, match=r"receipt\.not_verified"):
        issue_receipt(verify_bundle(bundle, trusted=None), office, office="x", file="x", now=LATER)


@pytest.mark.parametrize("name", ["", "  ", "ก" * 201, "a\u202eb"])
def test_an_office_has_a_name(verdict: Verification, office: Identity, name: str) -> None:
    with pytest.raises(DgdeskError, match=r"receipt\.bad_office"):
        issue_receipt(verdict, office, office=name, file="x.zip", now=LATER)


def test_tampered_receipts_are_refused(receipt: bytes, office: Identity, stranger: Identity) -> None:
    assert code_of(receipt, stranger) == "receipt.untrusted"
    outer = json.loads(receipt)
    text = outer["receipt"].replace("น่าน.zip", "น้าน.zip")
    assert code_of(canonical_json(outer | {"receipt": text}), office) == "receipt.altered"
    assert code_of(canonical_json(outer | {"signature": ""}), office) == "receipt.altered"
    assert code_of(canonical_json(outer | {"more": 1}), office) == "receipt.unreadable"
    assert code_of(forge(receipt, stranger), office) == "receipt.untrusted"
    assert code_of(forge(receipt, office, digest="x"), office) == "receipt.unreadable"
    assert code_of(forge(receipt, office, kind="dgdesk-addendum"), office) == "receipt.unreadable"
    assert code_of(forge(receipt, office, LATER + timedelta(seconds=1)), office) == "receipt.wrong_time"
    assert code_of(forge(receipt, office, received="2026-13-99T00:00:00Z"), office) == "receipt.wrong_time"
    for content in (b"", b"{}", b"[]", b"\xff", b"null", b" " * 900_000):
        assert code_of(content, office) == "receipt.unreadable"


def test_no_byte_of_a_receipt_may_change(receipt: bytes, office: Identity) -> None:
    for at in range(0, len(receipt), 5):
        changed = bytearray(receipt)
        changed[at] ^= 1
        assert code_of(bytes(changed), office).startswith("receipt."), at


def test_a_receipt_that_an_editor_saved_again_is_still_one(receipt: bytes, office: Identity) -> None:
    for how, content in saved_again(receipt).items():
        assert read_receipt(content, [office.certificate]).office == "สำนักงานพัฒนารัฐบาลดิจิทัล", how
        assert receipt_as_written(content) == receipt, how
    assert receipt_as_written(b"no receipt") == b"no receipt"


def test_what_another_program_made_unreadable_is_told_as_that(receipt: bytes, office: Identity) -> None:
    for content in (b"<html>" + receipt, receipt.replace(b'"', b"\xe2\x80\x9d"), receipt + receipt):
        assert code_of(content, office) == "receipt.resaved"


def test_a_receipt_that_is_cut_short_or_not_decoded_is_told_as_that(receipt: bytes, office: Identity) -> None:
    for content in (
        receipt[:-2],
        receipt[:900],
        b"\xef\xbb\xbf" + receipt[:60],
        receipt[:-2].decode().encode("utf-16"),
    ):
        assert code_of(content, office) == "receipt.cut_short"
    assert code_of(base64.encodebytes(receipt), office) == "zip.mail_text"


def test_an_office_with_a_certificate_of_a_ca(verdict: Verification) -> None:
    authority = make_authority("rsa", NOW - timedelta(days=1))
    office = read_pkcs12(authority.pkcs12("x", person="สพร."), "x", NOW)
    content = issue_receipt(verdict, office, office="สพร.", file="x.zip", now=LATER)
    assert read_receipt(content, [authority.root]).office == "สพร."
    other = make_authority("rsa", NOW - timedelta(days=1))
    with pytest.raises(DgdeskError, match=r"receipt\.untrusted"):
        read_receipt(content, [other.root])


@needs("openssl")
def test_openssl_checks_a_receipt(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    by = create_identity(tmp_path / "id", person="ก", province="ข", passphrase=None, now=now - timedelta(minutes=1))
    done = export(
        tmp_path / "x.zip", create_identity(tmp_path / "b", person="ก", province="ข", passphrase=None, now=NOW)
    )
    trusted = [(tmp_path / "b" / "signer.pem").read_bytes()]
    content = issue_receipt(verify_bundle(done.path, trusted=trusted), by, office="ข", file="x.zip", now=now)
    outer = json.loads(content)
    (tmp_path / "text").write_bytes(outer["receipt"].encode())
    (tmp_path / "p7s").write_bytes(base64.b64decode(outer["signature"]))
    (tmp_path / "office.pem").write_bytes(by.certificate.public_bytes(Encoding.PEM))
    command = "openssl cms -verify -cades -binary -inform DER -in p7s -content text -CAfile office.pem -no-CApath"
    command += " -no-CAstore -purpose any -out out"
    done = subprocess.run(command.split(), cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
