"""Attacks the verifier with seeded random changes of a good bundle: nothing may pass, raise or take long.

    python tests/bundle/fuzz_verify.py --seconds 600 --seed 1      all kinds of change, for so long
    python tests/bundle/fuzz_verify.py --flips 10000 --seed 1      so many changes of one byte each

The tests run a short version of both. Prints what it did as JSON; the exit code is 1 when something passed or broke.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import struct
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).parents[2]
if __name__ == "__main__":
    sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from bundle.support import BAG, NOW, export, pack, sign_again, sign_tags, unpack  # noqa: E402  run as a script
from dgdesk.bundle.archive import bag  # noqa: E402  as above
from dgdesk.bundle.report import Limits  # noqa: E402  as above
from dgdesk.bundle.signing.identity import Identity, create_identity  # noqa: E402  as above
from dgdesk.bundle.signing.trust_list import read_trusted  # noqa: E402  as above
from dgdesk.bundle.verify import check_stream  # noqa: E402  as above

SLOW = 10.0
"""Seconds that no check of a bundle of some kilobytes may take, on however busy a machine."""
_NUMBERS = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF, 1 << 63)
_WORDS = (b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07", b"../", b"\xef\xbb\xbf", b"\r\n")


def flip(dice: random.Random, content: bytes) -> bytes:
    """Change one byte."""
    changed = bytearray(content)
    changed[dice.randrange(len(changed))] ^= dice.randrange(1, 256)
    return bytes(changed)


def mutate(dice: random.Random, content: bytes) -> bytes:
    """Change bytes in one to four ways that find mistakes in readers."""
    changed = bytearray(content)
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(changed) + 1)
        size = dice.choice((1, 2, 4, 8, dice.randrange(1, 600)))
        kind = dice.randrange(7)
        if kind == 0:
            changed[at : at + size] = dice.randbytes(size)
        elif kind == 1:
            del changed[at : at + size]
        elif kind == 2:
            changed[at:at] = dice.randbytes(size)
        elif kind == 3:
            start = dice.randrange(len(changed) + 1)
            changed[at : at + dice.choice((0, size))] = changed[start : start + size]
        elif kind == 4:
            number = struct.pack("<Q", dice.choice(_NUMBERS))[: dice.choice((1, 2, 4, 8))]
            changed[at : at + len(number)] = dice.choice((number, number[::-1]))
        elif kind == 5:
            changed[at : at + dice.choice((0, 4))] = dice.choice(_WORDS)
        elif changed:
            changed[min(at, len(changed) - 1)] ^= 1 << dice.randrange(8)
    return bytes(changed)


def nest(dice: random.Random, content: bytes) -> bytes:
    """Return JSON or DER of great depth or width."""
    size = dice.choice((10, 1000, 30_000))
    return dice.choice(
        (
            b"[" * size,
            b'{"a":' * size,
            b'{"answers": {' + b",".join(b'"%d": 1' % number for number in range(size)) + b"}}",
            b"\x30\x80" * size,
            b"\x30\x82\xff\xff" * size,
            b"9" * size,
            content + b" " * size,
            content * 3,
        )
    )


def attacks(dice: random.Random, good: bytes, signer: Identity) -> Iterator[tuple[str, bytes, bool]]:
    """Yield a kind, a changed bundle, and whether its signature may still hold."""
    files = unpack(good)
    names = list(files)
    directory = good.index(b"PK\x01\x02")
    tags = [f"{BAG}/{name}" for name in (*bag.SIGNED_TAGS, bag.TAGMANIFEST, bag.SIGNATURE)]
    submission = f"{BAG}/data/submission.json"

    def inside(name: str, how: Callable[[random.Random, bytes], bytes]) -> dict[str, bytes]:
        return files | {name: how(dice, files[name])}

    while True:
        yield "file", mutate(dice, good), False
        yield "directory", good[:directory] + mutate(dice, good[directory:]), False
        at = good.rindex(b"PK\x03\x04", 0, dice.randrange(4, directory))
        yield "local header", good[:at] + mutate(dice, good[at : at + 80]) + good[at + 80 :], False
        yield "signature", pack(inside(tags[-1], dice.choice((mutate, mutate, nest)))), False
        yield "tag file", pack(inside(dice.choice(tags), mutate)), False
        yield "payload", pack(inside(dice.choice(names), mutate)), False
        order = dice.sample(names, len(names))
        yield "order", pack({name: files[name] for name in order}), True
        yield "resigned payload", pack(sign_again(inside(submission, dice.choice((mutate, nest))), signer)), True
        inner = {name.removeprefix(f"{BAG}/"): content for name, content in files.items()}
        target = dice.choice((bag.MANIFEST, bag.BAG_INFO, bag.BAGIT))
        inner[target] = mutate(dice, inner[target])
        yield "resigned tag", pack(sign_tags(inner, signer)), True


def attack(cases: Iterator[tuple[str, bytes, bool]], good: bytes, signer: Identity, until: float) -> dict[str, object]:
    """Check case after case until none is left or ``time.monotonic()`` says so; return what happened."""
    anchors = read_trusted([signer.certificate_pem])
    kinds: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    passed: list[str] = []
    broken: list[str] = []
    slowest = 0.0
    for kind, content, may_hold in cases:
        if time.monotonic() > until:
            break
        kinds[kind] += 1
        start = time.monotonic()
        try:
            verdict = check_stream(io.BytesIO(content), anchors, Limits()).verdict
            reasons.update({problem.code for problem in verdict.problems[:1]})
            if verdict.ok is bool(verdict.problems) or (verdict.ok and not may_hold and content != good):
                passed.append(f"{kind}: case {sum(kinds.values())}, {len(content)} bytes")
        except Exception:
            broken.append(f"{kind}: {traceback.format_exc(limit=-3)}")
        slowest = max(slowest, time.monotonic() - start)
    return {
        "cases": sum(kinds.values()),
        "kinds": dict(kinds),
        "reasons": dict(reasons.most_common()),
        "slowest": round(slowest, 3),
        "passed": passed[:5],
        "broken": broken[:5],
        "held": not passed and not broken and slowest < SLOW,
    }


def flips(dice: random.Random, good: bytes, count: int) -> Iterator[tuple[str, bytes, bool]]:
    """Yield ``count`` changes of one byte."""
    for _ in range(count):
        yield "one byte", flip(dice, good), False


def main() -> int:
    """Run one attack and print the result."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--flips", type=int)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    dice = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        start = NOW - timedelta(days=1)
        signer = create_identity(folder / "id", person="สมชาย", province="น่าน", passphrase=None, now=start)
        good = export(folder / "good.zip", signer).path.read_bytes()
    if options.flips is not None:
        found = attack(flips(dice, good, options.flips), good, signer, float("inf"))
    else:
        found = attack(attacks(dice, good, signer), good, signer, time.monotonic() + options.seconds)
    print(json.dumps({"seed": options.seed, **found}, indent=1))
    return 0 if found["held"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
