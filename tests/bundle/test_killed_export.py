"""An export killed at any moment leaves no file under its name, or the whole one; the next export is not hindered.

``DGDESK_KILLS`` says how many moments are tried (6; a long run takes 50), ``DGDESK_SEED`` which.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

from bundle.support import export
from dgdesk.bundle.identity import Identity
from dgdesk.bundle.verify import verify_bundle

KILLS = int(os.environ.get("DGDESK_KILLS", "6"))
SEED = int(os.environ.get("DGDESK_SEED", "2026"))

# Exports some mebibytes again and again under new names, and says when each begins and when its file is there.
CHILD = """
import sys
from pathlib import Path
from bundle.support import export, payload
from dgdesk.bundle.identity import load_identity

signer = load_identity(Path(sys.argv[1]), None)
contents = payload(**{"survey.pdf": (24 << 20, lambda: (bytes(1 << 20) for _ in range(24)))})
for line in sys.stdin:
    print("begin", flush=True)
    export(Path(line.rstrip("\\n")), signer, contents)
    print("done", flush=True)
"""


def start(identity: Path) -> subprocess.Popen[str]:
    tests = str(Path(__file__).parents[1])
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, str(identity)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONPATH": os.pathsep.join([tests, *sys.path]), "PYTHONIOENCODING": "utf-8"},
    )


def ask(child: subprocess.Popen[str], target: Path) -> None:
    assert child.stdin is not None and child.stdout is not None
    child.stdin.write(f"{target}\n")
    child.stdin.flush()
    assert child.stdout.readline() == "begin\n"


def end(child: subprocess.Popen[str]) -> None:
    child.kill()
    child.wait()
    assert child.stdin is not None and child.stdout is not None
    child.stdin.close()
    child.stdout.close()


def test_a_kill_at_any_moment_leaves_no_file_under_the_final_name(signer: Identity, tmp_path: Path) -> None:
    from dgdesk.bundle.identity import write_identity

    write_identity(tmp_path / "id", signer, None)
    trusted = [signer.certificate_pem]
    child = start(tmp_path / "id")
    took = []
    for number in range(2):
        began = time.monotonic()
        ask(child, tmp_path / f"whole{number}.zip")
        assert child.stdout is not None and child.stdout.readline() == "done\n"
        took.append(time.monotonic() - began)
        assert verify_bundle(tmp_path / f"whole{number}.zip", trusted=trusted).ok
    end(child)
    chance = random.Random(SEED)
    left = 0
    for number in range(KILLS):
        target = tmp_path / f"killed{number}.zip"
        child = start(tmp_path / "id")
        ask(child, target)
        time.sleep(chance.random() * max(took) * 0.9)
        end(child)
        if target.exists():  # it was done before the blow fell
            assert verify_bundle(target, trusted=trusted).ok
        left += target.with_name(target.name + ".part").exists()
        export(target, signer) if not target.exists() else None
        assert verify_bundle(target, trusted=trusted).ok
        target.unlink()
    assert left > 0  # else no kill came while something was being written
