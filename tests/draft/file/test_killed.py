"""A process killed at any moment of an attach leaves the whole file or nothing, and the draft as it was.

``DGDESK_KILLS`` says how many moments are tried (10; a long run takes 50), ``DGDESK_SEED`` which.
"""

from __future__ import annotations

import hashlib
import os
import random
import time

from dgdesk.draft.file.model import Edit
from killing import Child

KILLS = int(os.environ.get("DGDESK_KILLS", "10"))
SEED = int(os.environ.get("DGDESK_SEED", "2026"))
MIB = 1 << 20

# Attaches one file per line it is handed, and says when it begins and when the file is on disk.
CHILD = """
import sys
from datetime import datetime, timezone
from pathlib import Path
from dgdesk.draft.file.model import Edit
from dgdesk.draft.file.opening import open_draft_file

with open_draft_file(Path(sys.argv[1]), clock=lambda: datetime(2026, 11, 20, tzinfo=timezone.utc), who="a") as package:
    for line in sys.stdin:
        slot, source = line.rstrip("\\n").split("\\t")
        print("begin", flush=True)
        package.attach_file(
            Path(source),
            lambda stored: Edit("attachment", slot, None, {"sha256": stored.sha256}, stored.sha256),
            "attach",
        )
        print("done", flush=True)
"""


def test_a_kill_at_any_moment_leaves_the_whole_file_or_nothing(desk, tmp_path):
    chance = random.Random(SEED)
    answers = {f"q{number}": "คำตอบ" * number for number in range(40)}
    with desk.create() as package:
        package.apply([Edit("answer", field, None, text) for field, text in answers.items()], "answer")
    attached: dict[str, bytes] = {}
    whole = nothing = midway = 0

    source = tmp_path / "first.bin"
    content = chance.randbytes(24 * MIB)
    source.write_bytes(content)
    with Child(CHILD, desk.path) as child:
        child.begin(f"first\t{source}")
        began = time.perf_counter()
        child.finish()
        length = (time.perf_counter() - began) / len(content)
    attached["first"] = content

    for number in range(KILLS):
        content = chance.randbytes(chance.randrange(4 * MIB, 32 * MIB))
        source = tmp_path / "source.bin"
        source.write_bytes(content)
        slot = f"s{number}"
        with Child(CHILD, desk.path) as child:
            child.begin(f"{slot}\t{source}")
            time.sleep(chance.random() * length * len(content) * 1.1)
        midway += desk.path.with_name(desk.path.name + "-journal").exists()
        with desk.open() as package:
            evidence = package.evidence()
            if slot in evidence:
                whole += 1
                attached[slot] = content
            else:
                nothing += 1
            digests = {slot: hashlib.sha256(content).hexdigest() for slot, content in attached.items()}
            assert evidence == {slot: [{"sha256": digest}] for slot, digest in digests.items()}
            assert {file.sha256 for file in package.files()} == set(digests.values())
            assert package.answers() == answers
            assert package.state_counter == 1 + len(attached)
            assert package.check() == (), "structure, references, digests, journal"
        if len(attached) > 4:
            # A fresh package, so that the file stays small.
            desk.path.unlink()
            attached.clear()
            with desk.create() as package:
                package.apply([Edit("answer", field, None, text) for field, text in answers.items()], "answer")
    print(f"killed {KILLS} times (seed {SEED}): {whole} whole, {nothing} nothing, {midway} mid-transaction")
    assert whole + nothing == KILLS
    assert midway, "no kill came in the middle: the moments tell nothing"
