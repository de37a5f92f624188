"""Fuzz: whatever a stranger or a slip can hand to dgdesk is read, or refused in a sentence; in bounded time and memory.

    python -m faults fuzz --seconds 120 --seed 1 [--target NAME]

Every target is a good document and the reader of it; the document is changed in ways that find mistakes in readers.
Wrong is an exception that the reader does not promise, a case over its time, and a worker that runs out of its memory.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import random
import resource
import shutil
import sqlite3
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pikepdf
from PIL import Image

from bundle.fuzz_verify import mutate
from cli.support import done
from dgdesk.bundle.addendum import verify_addendum
from dgdesk.bundle.receipt import issue_receipt, read_receipt
from dgdesk.bundle.signing.certificates import read_certificates
from dgdesk.bundle.signing.identity import CERTIFICATE_FILE, KEY_FILE, create_identity, load_identity
from dgdesk.bundle.signing.pkcs12 import read_pkcs12
from dgdesk.bundle.submission import read_submission
from dgdesk.bundle.verify import verify_bundle
from dgdesk.cli.main import main as command
from dgdesk.draft.drafts import edition_folder, load_form, open_draft, repair_draft
from dgdesk.errors import DgdeskError
from dgdesk.evidence.inspection.inspect import look_at_file
from dgdesk.evidence.inspection.parse import parse_content
from dgdesk.evidence.pages.scan_code import codes
from dgdesk.folders.index import read_index
from dgdesk.survey.definition.build import build_form
from dgdesk.survey.definition.lint import lint_structure
from dgdesk.survey.definition.load import load_definition, thaw
from dgdesk.survey.rules.rubric import load_rubric
from dgdesk.survey.rules.rubric_check import check_rubric
from dgdesk.system.settings import read_settings, write_settings
from dgdesk.text.messages import load_catalogue
from faults import fuzz_documents
from faults.damage import TooLongError, clock, memory, share, watched
from security.hostile_files import beside, kill_midway

EDITION = "th-province-2568"

SECONDS = 30
"""What no case may take, on however busy a machine."""
ROOM = 1 << 30
"""Bytes of memory that a worker may take beyond what it has when it begins."""
CATALOGUE = load_catalogue()
LIMITS = load_form().definition.evidence_limits


@dataclass(frozen=True)
class Target:
    """A reader and good documents for it. ``promised``: what it may raise; it gets a path of that ending.

    In each round it has ``turns``: more where there are many kinds of documents, or of mistakes.
    """

    name: str
    suffix: str
    seeds: tuple[bytes, ...]
    read: Callable[[Path], object]
    promised: tuple[type[Exception], ...] = (DgdeskError,)
    text: bool = False
    turns: int = 1


def make_targets(folder: Path) -> list[Target]:
    """Good documents, made once, and their readers."""
    os.environ["DGDESK_HOME"] = str(folder / "profile")
    now = datetime.now(UTC)
    done("demo", folder / "demo")
    bundle = folder / "demo" / "demo.zip"
    pem = (folder / "demo" / "signer.pem").read_bytes()
    signer = create_identity(
        folder / "id", person="สมชาย", province="น่าน", passphrase="ลับมาก 1234", now=now - timedelta(days=1)
    )
    office = create_identity(folder / "office", person="สพร.", province="-", passphrase=None, now=now)
    receipt = issue_receipt(verify_bundle(bundle, trusted=[pem]), office, office="สพร.", file="a.zip", now=now)
    anchors = read_certificates([office.certificate_pem])
    draft = (folder / "demo" / "demo.dgdesk").read_bytes()
    small = folder / "small.dgdesk"
    done("new", small, "--province", "TH-55")
    done("set", small, "g1", "yes")
    import zipfile

    with zipfile.ZipFile(bundle) as opened:
        names = {name.partition("/")[2]: name for name in opened.namelist()}
        submission = opened.read(names["data/submission.json"])
        definition = opened.read(names["data/definition.json"])
    edition = edition_folder(EDITION)
    rubric = (edition / "rubric.yaml").read_bytes()
    form = load_form()
    settings = write_settings(read_settings(b"{}"))
    index = folder / "out"
    done("evidence", "export", folder / "demo" / "demo.dgdesk", index)
    csvs = sorted(index.glob("*.csv"))
    return [
        Target("package", ".dgdesk", (small.read_bytes(),), _package),
        Target("repair", ".dgdesk", (small.read_bytes(),), _repair),
        Target("draft", ".dgdesk", (draft,), _package),
        Target("journal", ".bin", _journals(folder, small), _beside(folder)),
        Target("schema", ".sql", _texts(small), _schema(small), text=True),
        Target("definition in a draft", ".json", (definition,), _defined(small), text=True),
        Target("bundle", ".zip", (bundle.read_bytes(),), lambda path: verify_bundle(path, trusted=[pem])),
        Target("addendum", ".zip", (bundle.read_bytes(),), lambda path: verify_addendum(path, trusted=[pem])),
        Target("receipt", ".json", (receipt,), lambda path: read_receipt(path.read_bytes(), anchors), text=True),
        Target(
            "submission",
            ".json",
            (submission,),
            lambda path: read_submission(path.read_bytes()),
            (DgdeskError, ValueError, ArithmeticError),
            text=True,
        ),
        Target("frozen", ".json", (definition,), _frozen, text=True),
        Target("rubric", ".yaml", (rubric,), lambda path: check_rubric(load_rubric(path), form), text=True),
        *(
            Target(f"questionnaire {path.stem}", ".yaml", (path.read_bytes(),), _edition(path, folder), text=True)
            for path in sorted(edition.glob("*.yaml"))
            if path.name in ("edition.yaml", "p1.yaml", "indicators.yaml", "common.yaml", "provinces.yaml", "g.yaml")
        ),
        Target("evidence", ".bin", tuple(_evidence(folder)), _look),
        Target("scan", ".png", (_picture("PNG"),), lambda path: codes(path.read_bytes(), "image/png")),
        Target("document", ".bin", fuzz_documents.seeds(folder), fuzz_documents.Files(LIMITS), turns=4),
        Target("worker's answers", ".bin", (b"",), fuzz_documents.Answers(folder), turns=4),
        Target("settings", ".json", (settings,), lambda path: read_settings(path.read_bytes()), (), text=True),
        Target("key", ".pem", ((folder / "id" / KEY_FILE).read_bytes(),), _identity(folder / "id", KEY_FILE)),
        Target(
            "certificate",
            ".pem",
            ((folder / "id" / CERTIFICATE_FILE).read_bytes(),),
            _identity(folder / "id", CERTIFICATE_FILE),
        ),
        Target("pkcs12", ".p12", (_pkcs12(signer),), lambda path: read_pkcs12(path.read_bytes(), "x", now)),
        Target(
            "index",
            ".csv",
            tuple(path.read_bytes() for path in csvs) or (b"a,b\r\n",),
            lambda path: read_index(path.read_bytes()),
            (),
            text=True,
        ),
        Target("answers", ".json", (b'{"g1": "yes", "p4.1.count": 12, "g4.1": ["1"]}',), _answers(small), text=True),
        Target("command line", ".txt", (b"",), _arguments(small, bundle)),
    ]


def _package(path: Path) -> object:
    read_only = path.stat().st_size % 2 == 0
    with open_draft(path, clock=clock, who="-", read_only=read_only) as draft:
        package = draft.package
        package.check()
        package.history()
        package.exports()
        for one in package.files()[:3]:
            for _ in package.read_file(one.sha256):
                pass
        return draft.session.state


def _journals(folder: Path, small: Path) -> tuple[bytes, ...]:
    """The journal of a change that was broken off in ``hot.dgdesk``."""
    hot = folder / "hot.dgdesk"
    shutil.copyfile(small, hot)
    kill_midway(hot)
    return (beside(hot, "-journal").read_bytes(),)


def _beside(folder: Path) -> Callable[[Path], object]:
    """A draft with this journal: what is taken back is sound."""

    def read(path: Path) -> object:
        draft = path.with_name("beside.dgdesk")
        for left in path.parent.glob(f"{draft.name}*"):
            left.unlink()
        shutil.copyfile(folder / "hot.dgdesk", draft)
        shutil.copyfile(path, beside(draft, "-journal"))
        with open_draft(draft, clock=clock, who="-", read_only=path.stat().st_size % 2 == 0) as one:
            assert one.package.check() == () and one.session.state.facts.answers["g1"] == "yes"
        return None

    return read


def _texts(draft: Path) -> tuple[bytes, ...]:
    with contextlib.closing(sqlite3.connect(draft)) as base:
        return tuple(sql.encode() for (sql,) in base.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"))


def _schema(small: Path) -> Callable[[Path], object]:
    """A draft with this text in the place of the part of the same name."""

    def read(path: Path) -> object:
        draft = path.with_name("schema.dgdesk")
        shutil.copyfile(small, draft)
        sql = path.read_bytes().decode("utf-8", "replace")
        name = next((word for word in sql.split()[2:3]), "")
        with contextlib.closing(sqlite3.connect(draft, isolation_level=None)) as base:
            base.execute("PRAGMA writable_schema = 1")
            base.execute("UPDATE sqlite_master SET sql = ? WHERE name = ?", (sql, name))
        return _package(draft)

    return read


def _defined(small: Path) -> Callable[[Path], object]:
    """A draft with this definition: opened, evaluated, its problems and score told."""

    def read(path: Path) -> object:
        draft = path.with_name("defined.dgdesk")
        shutil.copyfile(small, draft)
        content = path.read_bytes()
        with contextlib.closing(sqlite3.connect(draft, isolation_level=None)) as base:
            base.execute("UPDATE definition SET sha256 = ?, content = ?", (sha256(content).hexdigest(), content))
        return _command(["check", str(draft), "--json"]), _command(["score", str(draft)]), _package(draft)

    return read


def _repair(path: Path) -> object:
    return repair_draft(path, path.with_name("new.dgdesk"), clock=clock, who="-")


def _frozen(path: Path) -> object:
    return lint_structure(build_form(thaw(path.read_bytes())))


def _edition(file: Path, folder: Path) -> Callable[[Path], object]:
    copy = folder / f"edition {file.stem}"
    shutil.copytree(file.parent, copy)

    def read(path: Path) -> object:
        (copy / file.name).write_bytes(path.read_bytes())
        return lint_structure(build_form(load_definition(copy)))

    return read


def _identity(folder: Path, name: str) -> Callable[[Path], object]:
    copy = folder.with_name(f"{folder.name} {name}")
    shutil.copytree(folder, copy)

    def read(path: Path) -> object:
        (copy / name).write_bytes(path.read_bytes())
        return load_identity(copy, "ลับมาก 1234")

    return read


def _look(path: Path) -> object:
    with path.open("rb") as stream:
        size = path.stat().st_size
        return look_at_file(path, LIMITS, lambda kind, name: parse_content(stream, name, size, kind))


def _answers(draft: Path) -> Callable[[Path], object]:
    def read(path: Path) -> object:
        return _command(["set", str(draft), "--from", str(path), "--json"])

    return read


def _arguments(draft: Path, bundle: Path) -> Callable[[Path], object]:
    commands = (
        *("questionnaire", "lint", "dump", "new", "set", "attach", "evidence", "check", "score", "print", "export"),
        *("verify", "collate", "backup", "repair", "compact", "identity", "receipt", "addendum", "decrypt"),
        *("sealing-key", "list", "show", "import", "issue", "enter", "--json", "--lang", "en", "--out", "--section"),
        *("--replace", "--trust", "--edition", "--folder", "--gains", "--variant", "--digits", "--mark", "--pages"),
    )

    def read(path: Path) -> object:
        dice = random.Random(path.read_bytes())
        loose = (
            *(str(draft), str(bundle), str(path), str(path.parent / "new"), str(path.parent), "", "-", "--", "\0", "ก"),
            *("\ud800", "TH-55", "g1", "g1/yes", "yes", "p1", "-1", "9" * 30, "%s{x}", "a" * 5000, "1:0,0,1,1", "\n"),
        )
        words = [dice.choice(commands)]
        for _ in range(dice.randrange(7)):
            words.append(dice.choice(dice.choice((commands, loose, loose))))
        words = [word for word in words if word not in ("demo",)]
        return _command(words)

    return read


def _command(words: list[str]) -> int:
    """A command's end must be an exit code and a sentence, never what `main` calls unexpected."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = command(words, out, err)
        except SystemExit as end:  # --help, --version
            code = int(end.code or 0)
    said = err.getvalue()
    faults = ("เกิดข้อผิดพลาดของโปรแกรม", "unexpected", "traceback")
    if code not in (0, 1, 2, 3) or any(fault in said.lower() for fault in faults):
        raise AssertionError(f"{words!r}: {code} {said[:500]}")
    return code


def _picture(kind: str) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(stream, kind)
    return stream.getvalue()


def _evidence(folder: Path) -> Iterator[bytes]:
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(folder / "a.pdf", deterministic_id=True)
    yield (folder / "a.pdf").read_bytes()
    for kind in ("PNG", "JPEG", "TIFF"):
        yield _picture(kind)
    import openpyxl

    book = openpyxl.Workbook()
    book.save(folder / "a.xlsx")
    yield (folder / "a.xlsx").read_bytes()
    yield "ข้อความ\r\n".encode() * 50
    yield b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(20) + b"\x3e\x00\x03\x00\xfe\xff\x09\x00" + bytes(2000)
    yield b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0\0\1\0meta" + bytes(400)
    yield b"MZ" + bytes(300)


def _pkcs12(signer: Any) -> bytes:
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
    from cryptography.x509 import load_pem_x509_certificate

    certificate = load_pem_x509_certificate(signer.certificate_pem)
    return pkcs12.serialize_key_and_certificates(b"x", signer.key, certificate, None, BestAvailableEncryption(b"x"))


# -- mutation ----------------------------------------------------------------------------------------------------------


_TOKENS = (
    *(b"{", b"}", b"[", b"]", b'"', b":", b",", b"null", b"true", b"-1", b"1e999", b"NaN", b"9" * 400, b"\\ud800"),
    *(b"&a [*a, *a]", b"*a", b"!!python/object:os.system", b"---\n", b"\n  - ", b"use: ", b"@", b"\xff", b"\x00"),
    *("ก".encode(), b"\xe2\x80\xae", b"{{", b"0.1", b"id: ", b"|\n", b"? ", b"<<: *a\n", b"[" * 2000, b"1/0", b"''"),
)


def change(dice: random.Random, content: bytes, text: bool) -> bytes:
    """A document with some mistakes in it."""
    if not content or not text or dice.random() < 0.3:
        return mutate(dice, content or b"x")
    lines = content.split(b"\n")
    for _ in range(dice.randint(1, 3)):
        kind = dice.randrange(6)
        at = dice.randrange(len(lines))
        if kind == 0:
            del lines[at : at + dice.randint(1, 4)]
            lines = lines or [b""]
        elif kind == 1:
            lines.insert(at, dice.choice(lines))
        elif kind == 2:
            lines[at] = lines[at].lstrip() if dice.random() < 0.5 else b"  " + lines[at]
        elif kind == 3:
            start = dice.randrange(len(lines[at]) + 1)
            lines[at] = lines[at][:start] + dice.choice(_TOKENS) + lines[at][start + dice.choice((0, 1, 5)) :]
        elif kind == 4:
            name, colon, _ = lines[at].partition(b":")
            lines[at] = name + colon + b" " + dice.choice(_TOKENS)
        else:
            other = dice.randrange(len(lines))
            lines[at], lines[other] = lines[other], lines[at]
    return b"\n".join(lines)


def work(number: int, workers: int, targets: list[Target], options: argparse.Namespace, out: int) -> None:
    """Go through the targets until the time is over."""
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize() if _LINUX else 0
    if _LINUX:
        resource.setrlimit(resource.RLIMIT_AS, (used + ROOM, used + ROOM))
    folder = Path(tempfile.mkdtemp(prefix="dgdesk-fuzz-", dir=memory()))
    end = time.monotonic() + options.seconds
    sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115 - nobody is asked for a passphrase
    counts: Counter[str] = Counter()
    slowest: dict[str, float] = {}
    case = number if options.case is None else options.case
    turns = [one for one in targets for _ in range(one.turns)]
    while time.monotonic() < end:
        target = turns[case % len(turns)]
        dice = random.Random(f"{options.seed} {case}")
        place = folder / "case"
        place.mkdir()
        os.chdir(place)  # where arguments that are names without a place go
        path = place / f"a{target.suffix}"
        path.write_bytes(change(dice, dice.choice(target.seeds), target.text))
        start = time.monotonic()
        came = "read"
        try:
            with watched(SECONDS):
                target.read(path)
        except DgdeskError as error:
            came = "refused"
            try:
                CATALOGUE.error(error)
            except (KeyError, IndexError, ValueError):
                _tell(out, case, target, f"no sentence for {error!r}")
        except TooLongError:
            _tell(out, case, target, f"takes over {SECONDS} s")
        except MemoryError:
            _tell(out, case, target, "runs out of memory")
        except Exception as error:
            came = "refused"
            if not isinstance(error, target.promised):
                _tell(out, case, target, traceback.format_exc(limit=-6))
        slowest[target.name] = max(slowest.get(target.name, 0), time.monotonic() - start)
        counts[f"{target.name}: {came}"] += 1
        os.chdir(folder)
        shutil.rmtree(place, ignore_errors=True)
        if options.case is not None:
            break
        case += workers
    os.chdir("/")
    shutil.rmtree(folder, ignore_errors=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    os.write(out, json.dumps({"counts": counts, "slowest": slowest, "peak": peak}).encode() + b"\n")


def _tell(out: int, case: int, target: Target, what: str) -> None:
    os.write(out, json.dumps({"wrong": what[-3000:], "case": case, "target": target.name}).encode() + b"\n")


_LINUX = sys.platform.startswith("linux")


def main(argv: list[str] | None = None) -> int:
    """Fuzz for some seconds and print what was done; 1 where something was wrong."""
    parser = argparse.ArgumentParser(prog="fuzz")
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--case", type=int, help="only this one, as a failure printed it")
    parser.add_argument("--target", help="only the target of this name")
    parser.add_argument("--short", action="store_true")
    options = parser.parse_args(argv)
    options.seconds = options.seconds or (25 if options.short else 180)
    with tempfile.TemporaryDirectory(prefix="dgdesk-fuzz-") as name:
        targets = make_targets(Path(name))
        chosen = [one for one in targets if options.target in (None, one.name)]
        workers = 1 if options.case is not None else min(2, os.cpu_count() or 1)
        lines = share(workers, lambda number, out: work(number, workers, chosen, options, out))
    counts: Counter[str] = Counter()
    slowest: dict[str, float] = {}
    for line in lines:
        counts.update(line.get("counts", {}))
        for one, seconds in line.get("slowest", {}).items():
            slowest[one] = max(seconds, slowest.get(one, 0))
    wrong = [line for line in lines if "wrong" in line]
    again = f" --target '{options.target}'" if options.target else ""
    for line in wrong[:15]:
        print(f"WRONG {line.get('target')} (--seed {options.seed}{again} --case {line.get('case')}): {line['wrong']}")
    peak = max([line.get("peak", 0) for line in lines], default=0)
    for one in chosen:
        read, refused = counts[f"{one.name}: read"], counts[f"{one.name}: refused"]
        print(f"  {one.name:28} {read:6} read {refused:6} refused, slowest {slowest.get(one.name, 0):.2f} s")
    print(f"seed {options.seed}, {options.seconds:.0f} s, at most {peak} MiB")
    print(f"found: {sum(counts.values()):,} foreign inputs of {len(chosen)} kinds, {len(wrong)} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
