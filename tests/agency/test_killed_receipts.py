"""The answers of an office that is killed at any moment: each bundle has one receipt in the end, and it is whole."""

from __future__ import annotations

import time
from pathlib import Path
from random import Random

import pytest

from agency.known import Known, digest, tell
from bundle.support import NOW, submission
from dgdesk.agency.ledger.making import open_ledger
from dgdesk.agency.ledger.reading import receipts
from dgdesk.bundle.receipt import read_receipt
from dgdesk.bundle.signing.identity import create_identity
from killing import Child

COUNT = 60
CODE = """
import sys
from pathlib import Path
from bundle.support import NOW
from dgdesk.agency.ledger.making import open_ledger
from dgdesk.agency.receipts import Office, Places, issue_receipts
from dgdesk.bundle.signing.identity import load_identity
from dgdesk.cli.ledger_receipts import write_receipt
folder = Path(sys.argv[1])
office = Office(load_identity(folder / "id", None), "สพร.")
ledger = open_ledger(folder / "l.ledger")
for line in sys.stdin:
    print("begin", flush=True)
    issue_receipts(ledger, office, Places(folder / "into", write_receipt), lambda: NOW)
    print("done", flush=True)
"""


@pytest.mark.slow
def test_kills_while_receipts_are_issued_lose_none_and_double_none(tmp_path: Path) -> None:
    identity = create_identity(tmp_path / "id", person="ผู้รับ", province="สพร.", passphrase=None, now=NOW)
    content = submission(province="TH-55").to_bytes()
    with open_ledger(tmp_path / "l.ledger", make=True) as ledger:
        tell(ledger, [Known(digest(number), content, None, (f"{number:03}",)) for number in range(COUNT)])
    into, seen = tmp_path / "into", dict[str, bytes]()
    into.mkdir()
    moments = Random(24)
    for _ in range(6):
        with Child(CODE, tmp_path) as child:
            child.begin("issue")
            time.sleep(moments.uniform(0.0, 0.2))
        for path in into.glob("*.receipt"):
            content_now = path.read_bytes()
            assert seen.setdefault(path.name, content_now) == content_now, "what was handed out stays"
        with open_ledger(tmp_path / "l.ledger") as ledger:
            kept = [one.digest for one in receipts(ledger)]
            assert len(set(kept)) == len(kept)
    with Child(CODE, tmp_path) as child:
        child.begin("issue")
        child.finish()
    with open_ledger(tmp_path / "l.ledger") as ledger:
        kept_now = {one.digest: one.content for one in receipts(ledger)}
        assert all(one.written_to for one in receipts(ledger))
    files = {path.name: path.read_bytes() for path in into.glob("*.receipt")}
    for content_now in files.values():
        read_receipt(content_now, [identity.certificate])
    assert len(files) == len(kept_now) == COUNT and seen.items() <= files.items()
    assert files == {f"{number:03}.receipt": kept_now[digest(number)] for number in range(COUNT)}
    assert not [path for path in into.iterdir() if path.suffix != ".receipt" and not path.name.startswith(".dgdesk-")]
