"""A child process in which no module can be imported that is left out of the frozen program.

    python excluded_child.py FOLDER

It does the demo's whole work, checks the chain of a CA that sets policies and limits, and makes what sends need to
trust a server. The last line on stdout names the excluded modules that somebody asked for all the same.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from importlib import import_module
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1] / "build"), str(HERE.parent / "security")]

from parts import EXCLUDED  # noqa: E402 - found by the line above

asked: set[str] = set()


class Refusal:
    """What Python asks first for a module: an excluded one is not there."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if any(name == each or name.startswith(f"{each}.") for each in EXCLUDED):
            asked.add(name)
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return None


def demo(folder: Path) -> None:
    from dgdesk.__main__ import main

    if code := main(["demo", str(folder / "demo")]):
        raise SystemExit(code)


def chain() -> None:
    from chain_makers import LEAF, MIDDLE, ROOT, make_chain
    from cryptography import x509

    from dgdesk.bundle.signing.chains import chain_fault

    policy = (x509.CertificatePolicies([x509.PolicyInformation(x509.ObjectIdentifier("1.2.3"), None)]), False)
    names = x509.NameConstraints([x509.UniformResourceIdentifier(".office.go.th")], None)
    address = x509.SubjectAlternativeName([x509.UniformResourceIdentifier("https://nan.office.go.th/")])
    now = datetime.now(UTC)
    specs = (LEAF.but(more=(policy, (address, False))), MIDDLE.but(more=(policy, (names, True))), ROOT)
    if fault := chain_fault(make_chain(specs, now).certificates, now):
        raise SystemExit(f"the chain is refused: {fault}")


def sending() -> None:
    from dgdesk.outbox.transport import system_context

    system_context()


if __name__ == "__main__":
    sys.meta_path.insert(0, Refusal())
    with suppress(ModuleNotFoundError):
        import_module("tkinter")  # shows that it refuses
    demo(Path(sys.argv[1]))
    chain()
    sending()
    print(json.dumps(sorted(asked)))
