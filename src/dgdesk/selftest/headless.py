"""Self-test, headless: every command that matters, on the demo's draft, through the command line's own door."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from dgdesk.bundle.contents import MARKED
from dgdesk.bundle.qr import read_sign_off
from dgdesk.cli.main import main
from dgdesk.evidence.documents import own_documents
from dgdesk.selftest.steps import Findings, Step, expect

SENTENCE = "จังหวัดของท่านมีการจัดทำนโยบายและแผนงานด้านธรรมาภิบาลข้อมูลภาครัฐ"
_WORDS = ("จังหวัด", "ท่าน", "นโยบาย", "ข้อมูล")
_PLACES = 100
"""The demo fills more places than that, and attaches more files."""
_DPI = 100


@dataclass(frozen=True)
class Folder:
    """Where the self-test works. The demo makes what the other steps use."""

    root: Path

    @property
    def draft(self) -> Path:
        """The demo's draft."""
        return self.root / "demo" / "demo.dgdesk"

    @property
    def bundle(self) -> Path:
        """The demo's bundle."""
        return self.root / "demo" / "demo.zip"

    @property
    def signer(self) -> Path:
        """The certificate that the demo signed with."""
        return self.root / "demo" / "signer.pem"


def headless_steps(root: Path) -> list[Step]:
    """Return the steps that need no window; they write into ``root`` and nowhere else."""
    folder = Folder(root)
    tries: dict[str, Callable[[Folder], Findings]] = {
        "words": _words,
        "demo": _demo,
        "draft": _draft,
        "verify": _verify,
        "print": _print,
        "code": _code,
        "seal": _seal,
        "collate": _collate,
        "pictures": _pictures,
    }
    return [Step(name, partial(work, folder)) for name, work in tries.items()]


def command(arguments: Sequence[object], expected: int = 0) -> dict[str, Any]:
    """Carry out a command and return what it reports.

    Raises:
        Broken: it ended with another code than ``expected``.
    """
    out, err = io.StringIO(), io.StringIO()
    code = main([*map(str, arguments), "--json", "--lang", "en"], out, err)
    expect(code == expected, f"{arguments[0]} ended with {code}: {err.getvalue().strip() or out.getvalue()[-300:]}")
    report: dict[str, Any] = json.loads(out.getvalue() or "{}")
    return report


def _words(folder: Folder) -> Findings:
    from dgdesk.thai.breaks import breakable, plain, thai_breaker

    breaker = thai_breaker()
    words = breaker.segments(SENTENCE)
    expect(set(_WORDS) <= set(words), f"wrong words: {'|'.join(words)}")
    expect(plain(breakable(SENTENCE, breaker)) == SENTENCE, "text was not kept")
    return {"words": len(words)}


def _demo(folder: Folder) -> Findings:
    made = command(["demo", folder.draft.parent])
    expect(made["verified"], "the bundle was not verified")
    expect(min(made["answers"], made["evidence"]) > _PLACES, f"{made['answers']} answers, {made['evidence']} files")
    with ZipFile(folder.bundle) as bundle:
        marked = sum(name.find(MARKED) > 0 for name in bundle.namelist())
    expect(marked, "there is no marked copy")
    size = folder.bundle.stat().st_size
    return {"answers": made["answers"], "evidence": made["evidence"], "marked": marked, "bundle_bytes": size}


def _draft(folder: Folder) -> Findings:
    new, copy = folder.root / "แบบสำรวจ น่าน.dgdesk", folder.root / "สำเนา.dgdesk"
    command(["new", new, "--province", "TH-55", "--who", "ผู้ทดสอบ"])
    command(["set", new, "g1", "yes"])
    problems = command(["check", new], 1)
    command(["check", folder.draft])
    command(["score", folder.draft])
    command(["backup", folder.draft, copy])
    command(["check", copy])
    command(["compact", copy])
    return {"problems_of_a_new_draft": len(problems.get("problems", ()))}


def _verify(folder: Folder) -> Findings:
    good = command(["verify", folder.bundle, "--trust", folder.signer])
    content = bytearray(folder.bundle.read_bytes())
    content[len(content) // 2] ^= 1
    changed = folder.root / "changed.zip"
    changed.write_bytes(content)
    bad = command(["verify", changed, "--trust", folder.signer], 1)
    expect(good["ok"] and not bad["ok"] and bad["problems"], "a changed bundle was taken for whole")
    return {"digest": good["digest"]}


def _print(folder: Folder) -> Findings:
    from dgdesk.pages.pdf import PdfFile

    target = folder.root / "printed.pdf"
    command(["print", folder.draft, "--out", target])
    document = PdfFile(target.read_bytes())
    try:
        expect("จังหวัด" in document.letters(0), "the first page does not say จังหวัด")
        colours = set(_pixels(document, 0)[::4])
        expect(len(colours) > 1, "the first page is empty")
        return {"pages": document.count, "bytes": target.stat().st_size}
    finally:
        document.close()


def _pixels(document: Any, page: int) -> bytes:
    from dgdesk.pages.model import Piece

    size = document.size(page)
    width, height = int(size.width * _DPI / 72), int(size.height * _DPI / 72)
    drawn = document.render(Piece(page, width, height, 0, 0, width, height), lambda: False)
    expect(drawn is not None, "the page was not drawn")
    return bytes(drawn.data)


def _code(folder: Folder) -> Findings:
    sheet = folder.bundle.with_name("demo.signoff.pdf")
    found = [read_sign_off(text) for text in own_documents().codes(sheet, "application/pdf")]
    wanted = command(["verify", folder.bundle, "--trust", folder.signer])["digest"]
    expect([one for one in found if one and one.digest == wanted], "the sheet's code was not read")
    kept = command(["addendum", "attach", folder.draft, sheet])
    expect(kept["code"] == "match", f"the sheet does not fit its bundle: {kept['code']}")
    return {"codes": len(found)}


def _seal(folder: Folder) -> Findings:
    key, recipients, sealed = (folder.root / name for name in ("key.txt", "recipients.txt", "encrypted.zip.age"))
    command(["sealing-key", key, "--recipients", recipients])
    identity = folder.draft.parent / "identity"
    command(["export", folder.draft, sealed, "--encrypt-to", recipients, "--identity", identity])
    command(["decrypt", sealed, folder.root / "opened.zip", "--key", key])
    command(["verify", folder.root / "opened.zip", "--trust", folder.signer])
    return {"bytes": sealed.stat().st_size}


def _collate(folder: Folder) -> Findings:
    from openpyxl import load_workbook

    table = folder.root / "collated.xlsx"
    command(["collate", table, folder.bundle, "--trust", folder.signer])
    book = load_workbook(table, read_only=True)
    try:
        rows = {sheet.title: sum(1 for _ in sheet.iter_rows()) for sheet in book.worksheets}
    finally:
        book.close()
    expect(rows and max(rows.values()) > 1, f"the workbook is empty: {rows}")
    return {"rows": rows}


def _pictures(folder: Folder) -> Findings:
    from PIL import Image

    drawn = Image.linear_gradient("L").convert("RGB").resize((64, 64))
    kinds = {"JPEG": {}, "PNG": {}, "TIFF": {"compression": "tiff_lzw"}, "WEBP": {}, "GIF": {}}
    for kind, settings in kinds.items():
        packed = io.BytesIO()
        drawn.save(packed, kind, **settings)
        with Image.open(packed) as read:
            read.load()
            expect(read.size == drawn.size, f"{kind}: {read.size}")
    return {"kinds": list(kinds)}
