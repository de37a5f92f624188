"""What the bundle's tests share: a small submission, and the tools of somebody who tampers with bundles."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from dgdesk.bundle.archive import bag
from dgdesk.bundle.archive.zip_write import ZipWriter
from dgdesk.bundle.exact_json import canonical_json
from dgdesk.bundle.export import ExportReport, PayloadFile, PayloadSource, export_bundle
from dgdesk.bundle.signing.identity import Identity
from dgdesk.bundle.signing.signature import sign
from dgdesk.bundle.submission import EvidenceItem, Submission
from dgdesk.errors import DgdeskError

NOW = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
BAG = "nan-2569"
PDF, JPEG = b"%PDF-1.7 evidence one\n" * 40, b"\xff\xd8\xff evidence two" * 30
DEFINITION = canonical_json({"edition": "th-province-2568", "sections": []})


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def evidence(number: int, content: bytes, called: str, **changes: object) -> EvidenceItem:
    kind = "application/pdf" if called.endswith(".pdf") else "image/jpeg"
    values: dict[str, object] = {
        "slot": f"G{number}.yes",
        "file": f"evidence/E{number:04}{Path(called).suffix}",
        "name": called,
        "sha256": sha256(content),
        "size": len(content),
        "media_type": kind,
        "pages": "๒-๓",
        "passages": "ย่อหน้าแรก",
    }
    return EvidenceItem.model_validate(values | changes)


def submission(**changes: object) -> Submission:
    values: dict[str, object] = {
        "format": 1,
        "edition": "th-province-2568",
        "definition_sha256": sha256(DEFINITION),
        "province": "น่าน",
        "answers": {
            "G1": "yes",
            "G2": ["website", "app"],
            "G3": Decimal("12.50"),
            "G4": "จัดทำแผนแล้ว น้ำ",
            "G5": {"unread": "ราว 3"},
        },
        "evidence": [evidence(1, PDF, "คำสั่งแต่งตั้ง.pdf"), evidence(2, JPEG, "ภาพประชุม.jpg")],
    }
    return Submission.model_validate(values | changes)


def payload(**changes: PayloadSource) -> dict[str, PayloadSource]:
    return {
        "submission.json": submission().to_bytes(),
        "definition.json": DEFINITION,
        "score.json": canonical_json({"total": Decimal("71.25")}),
        "evidence/E0001.pdf": PDF,
        "evidence/E0002.jpg": PayloadFile(len(JPEG), lambda: iter([JPEG[:100], JPEG[100:]])),
        **changes,
    }


def info(*, draft: bool = False) -> bag.BagInfo:
    return bag.BagInfo(
        source_organization="จังหวัดน่าน",
        external_identifier="th-province-2568/น่าน",
        bagging_date=date(2026, 11, 20),
        contact_name="สมชาย ใจดี",
        draft=draft,
    )


def export(
    target: Path, identity: Identity, contents: Mapping[str, PayloadSource] | None = None, draft: bool = False
) -> ExportReport:
    return export_bundle(
        target,
        name=BAG,
        payload=payload() if contents is None else contents,
        info=info(draft=draft),
        identity=identity,
        claimed_time=NOW,
    )


def unpack(bundle: bytes) -> dict[str, bytes]:
    """Return the files by full name, in their order."""
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(files: Mapping[str, bytes]) -> bytes:
    """Pack files into a zip of the right form, whatever they are."""
    stream = io.BytesIO()
    writer = ZipWriter(stream)
    for name, content in files.items():
        writer.add(name, len(content), [content], lambda count: None)
    writer.finish()
    return stream.getvalue()


def sign_again(files: dict[str, bytes], identity: Identity) -> dict[str, bytes]:
    """Make manifest, tagmanifest and signature fit the other files, as a signer who lies would."""
    inner = {name.removeprefix(f"{BAG}/"): content for name, content in files.items()}
    listed = {name: sha256(content) for name, content in inner.items() if name.startswith("data/")}
    inner[bag.MANIFEST] = bag.make_manifest(listed)
    return sign_tags(inner, identity)


def sign_tags(inner: dict[str, bytes], identity: Identity) -> dict[str, bytes]:
    """Make tagmanifest and signature fit the tag files; takes paths inside the bag, returns full ones."""
    inner[bag.TAGMANIFEST] = bag.make_manifest({name: sha256(inner[name]) for name in bag.SIGNED_TAGS})
    inner[bag.SIGNATURE] = sign(inner[bag.TAGMANIFEST], identity, NOW)
    return {f"{BAG}/{name}": content for name, content in inner.items()}


def code_of(call: Callable[..., object], *args: object, **named: object) -> str:
    """Return the code that a call is refused with."""
    with pytest.raises(DgdeskError) as caught:
        call(*args, **named)
    return caught.value.code


def saved_again(content: bytes) -> dict[str, bytes]:
    """A signed JSON file as editors and mail programs save it again, by what they do."""
    text = content.decode()
    return {
        "a byte order mark": b"\xef\xbb\xbf" + content,
        "line ends of Windows": text.replace("\n", "\r\n").encode(),
        "UTF-16": text.encode("utf-16"),
        "UTF-16, big endian": b"\xfe\xff" + text.encode("utf-16-be"),
        "one line": json.dumps(json.loads(text), ensure_ascii=False).encode(),
        "escapes, tabs, other order": json.dumps(dict(reversed(json.loads(text).items())), indent="\t").encode(),
        "ANSI of a Thai Windows": text.encode("cp874"),
        "a blank at the end": content + b" \n\n",
    }
