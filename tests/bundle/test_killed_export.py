"""An export killed at any moment leaves no file under its name, or the whole one; the next export is not hindered.

``DGDESK_KILLS`` says how many moments are tried (6; a long run takes 50), ``DGDESK_SEED`` which.
"""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

from bundle.support import export
from dgdesk.bundle.signing.identity import Identity
from dgdesk.bundle.verify import verify_bundle
from killing import Child

KILLS = int(os.environ.get("DGDESK_KILLS", "6"))
SEED = int(os.environ.get("DGDESK_SEED", "2026"))

# Exports some mebibytes again and again under new names, and says when each begins and when its file is there.
CHILD = """
import sys
from pathlib import Path
from bundle.support import export, payload
from dgdesk.bundle.export import PayloadFile
from dgdesk.bundle.signing.identity import load_identity

signer = load_identity(Path(sys.argv[1]), None)
contents = payload(**{"survey.pdf": PayloadFile(24 << 20, lambda: (bytes(1 << 20) for _ in range(24)))})
for line in sys.stdin:
    print("begin", flush=True)
    export(Path(line.rstrip("\\n")), signer, contents)
    print("done", flush=True)
"""


def test_a_kill_at_any_moment_leaves_no_file_under_the_final_name(signer: Identity, tmp_path: Path) -> None:
    from dgdesk.bundle.signing.identity import write_identity

    write_identity(tmp_path / "id", signer, None)
    trusted = [signer.certificate_pem]
    took = []
    with Child(CHILD, tmp_path / "id") as child:
        for number in range(2):
            began = time.monotonic()
            child.begin(str(tmp_path / f"whole{number}.zip"))
            child.finish()
            took.append(time.monotonic() - began)
            assert verify_bundle(tmp_path / f"whole{number}.zip", trusted=trusted).ok
    chance = random.Random(SEED)
    left = 0
    for number in range(5 * KILLS):
        if left and number >= KILLS:
            break
        target = tmp_path / f"killed{number}.zip"
        with Child(CHILD, tmp_path / "id") as child:
            child.begin(str(target))
            # a new process loads what it needs first, so that the file is written in the last part of the time
            time.sleep(chance.random() * max(took) * 1.2)
        if target.exists():  # it was done before the blow fell
            assert verify_bundle(target, trusted=trusted).ok
        left += any(tmp_path.glob("*.part"))
        other = export(tmp_path / f"next{number}.zip", signer).path
        assert not any(tmp_path.glob("*.part")), "the next export takes away what a killed one left"
        export(target, signer) if not target.exists() else None
        assert verify_bundle(target, trusted=trusted).ok
        target.unlink()
        other.unlink()
    assert left > 0  # else no kill came while something was being written
