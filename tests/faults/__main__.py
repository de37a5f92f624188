"""Faults: what dgdesk promises under kills, failing disks, damage and foreign input; each part in a process of its own.

    python build/dev.py faults [--short] [--seed N] [--only NAME]...

Exit code 1 if a part found something; what it printed shows the seed and the step that show it again. A whole run
writes what was found into docs/faults.json and docs/promises.md.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

# Modules with ``main(argv) -> int``, given ``--seed N`` and perhaps ``--short``; in the order in which they run.
PARTS = {
    "kills": "faults.kills",
    "disk": "faults.disk",
    "damage": "faults.damage",
    "fuzz": "faults.fuzz",
    "machines": "faults.machines",
    "compat": "faults.compat",
    "unsent": "submission.random_bundles",
}
SEED = 2568
TESTS = Path(__file__).resolve().parents[1]
FOUND = TESTS.parent / "docs" / "faults.json"


def main(argv: list[str]) -> int:
    """Run the parts, two at a time, and print what each says and a table of them."""
    parser = argparse.ArgumentParser(prog="faults", description="Kills, failing disks, damage, foreign input.")
    parser.add_argument("--short", action="store_true", help="what belongs into every run of the tests")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--only", action="append", choices=PARTS, metavar="NAME", help=", ".join(PARTS))
    parser.add_argument("--run", choices=PARTS, help=argparse.SUPPRESS)
    chosen, rest = parser.parse_known_args(argv)
    passed_on = ["--seed", str(chosen.seed), *(["--short"] if chosen.short else []), *rest]
    if chosen.run:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        code: int = importlib.import_module(PARTS[chosen.run]).main(passed_on)
        return code

    def run(name: str) -> tuple[str, int, float, str]:
        began = time.monotonic()
        call = [sys.executable, "-P", str(Path(__file__).parent), "--run", name, *passed_on]
        done = subprocess.run(call, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        return name, done.returncode, time.monotonic() - began, done.stdout

    rows: list[tuple[str, int, float]] = []
    told, whole = {}, time.monotonic()
    with ThreadPoolExecutor(2) as pool:  # most parts use one core for long
        for name, code, seconds, said in pool.map(run, chosen.only or PARTS):
            print(f"==== {name} (seed {chosen.seed})\n{said}", flush=True)
            rows.append((name, code, seconds))
            told[name] = {"found": sentence(said), "seconds": round(seconds), "sound": code == 0}
    print("\n==== faults")
    for name, code, seconds in rows:
        print(f"{name:10} {'sound' if code == 0 else f'FAILED ({code})':14} {seconds:7.1f} s")
    print(f"{'all':10} {'':14} {time.monotonic() - whole:7.1f} s   seed {chosen.seed}", flush=True)
    if not chosen.short and told.keys() == PARTS.keys():
        run = {"date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"), "seed": chosen.seed, "parts": told}
        FOUND.write_text(json.dumps(run, indent=1) + "\n", encoding="utf-8")
        subprocess.run([sys.executable, TESTS.parent / "benchmarks" / "promises.py"], check=True)
    return 1 if any(row[1] for row in rows) else 0


def sentence(said: str) -> str:
    """What a part tells as found; a part that came to no end tells that."""
    lines = re.findall(r"^found: (.+)$", said, re.MULTILINE)
    return lines[-1] if lines else "came to no end"


if __name__ == "__main__":
    sys.path[:] = [str(TESTS), str(TESTS.parent / "src"), *(one for one in sys.path if Path(one) != TESTS / "faults")]
    sys.exit(main(sys.argv[1:]))
