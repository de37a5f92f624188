"""What the program is made of: versions as pinned, licences that fit, and known weaknesses where that can be asked.

    python3 build/dev.py audit [--offline] [--strict]

Pins and licences are checked against what is installed, without a network. Known weaknesses are asked of pip-audit's
database; where it cannot be reached, that is said and the audit is not whole. Exit code 1 when something does not hold;
with ``--strict`` also when weaknesses were not asked.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
FITTING = (
    *("MIT", "BSD", "Apache", "MPL", "LGPL", "Lesser General Public", "Mozilla Public", "PSF", "Python Software"),
    *("HPND", "Historical Permission", "ISC", "Unlicense", "Zlib", "CC0", "0BSD"),
)
"""Words of licences under which the program may be handed on with the library; LGPL for Qt, as packages of its own."""

UNSTATED = {"pyrage": "MIT"}
"""Libraries whose package states no licence, with that of their repository."""


def canonical(name: str) -> str:
    """A name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def read_pins(text: str) -> dict[str, str]:
    """The pins of constraints.txt."""
    lines = (line.strip() for line in text.splitlines())
    return dict(line.split("==", 1) for line in lines if line and not line.startswith("#"))


def parts(wanted: Iterable[str], find: Callable[[str], Distribution]) -> Iterator[tuple[str, Distribution | None]]:
    """Yield all that is needed on this system, also by what is needed; None for what is not installed."""
    queue, seen = [Requirement(one) for one in wanted], set()
    while queue:
        requirement = queue.pop(0)
        name = canonical(requirement.name)
        if (requirement.marker and not requirement.marker.evaluate({"extra": ""})) or name in seen:
            continue
        seen.add(name)
        try:
            found = find(requirement.name)
        except PackageNotFoundError:
            yield name, None
            continue
        yield name, found
        for line in found.requires or []:
            needed = Requirement(line)
            extras = requirement.extras or {""}
            if needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in extras):
                queue.append(Requirement(f"{needed.name}[{','.join(needed.extras)}]" if needed.extras else needed.name))


def licence_of(found: Distribution) -> str:
    """The licence that a distribution states, in its own words; empty where it states none."""
    about = found.metadata
    stated = (about.get_all("License-Expression") or [""])[0]
    named = [one.rpartition("::")[2].strip() for one in about.get_all("Classifier") or [] if one.startswith("License")]
    text = (about.get_all("License") or [""])[0].strip().splitlines()
    return stated or "; ".join(one for one in named if one != "OSI Approved") or (text[0] if text else "")


def fits(licence: str) -> bool:
    """Whether one of the alternatives that a licence offers is among those that fit."""
    alternatives = re.split(r"\bOR\b|;|/", licence)
    return any(word.lower() in one.lower() for one in alternatives for word in FITTING if "AGPL" not in one)


def weaknesses(pins: Path) -> tuple[list[str], str]:
    """Return known weaknesses of the pinned versions, and why they could not be asked (empty when they were)."""
    beside = os.environ.get("DGDESK_AUDIT")
    if not beside:
        return [], "pip-audit could not be installed"
    options = ["-r", str(pins), "--no-deps", "--disable-pip", "--format", "json", "--progress-spinner", "off"]
    call = [sys.executable, "-m", "pip_audit", *options]
    try:
        done = subprocess.run(
            call, env={**os.environ, "PYTHONPATH": beside}, capture_output=True, text=True, timeout=300, check=False
        )
    except subprocess.TimeoutExpired:
        return [], "the database of weaknesses did not answer"
    return read_report(done.stdout, done.stderr)


def read_report(told: str, complaint: str) -> tuple[list[str], str]:
    """Read pip-audit's report; what is no report means that it could not ask."""
    try:
        found = json.loads(told)["dependencies"]
        asked = [one for one in found if "vulns" in one]
        skipped = [f"{one['name']} ({one['skip_reason']})" for one in found if "skip_reason" in one]
        flaws = [
            f"{one['name']} {one['version']}: {flaw['id']}, mended in {', '.join(flaw['fix_versions']) or 'no version'}"
            for one in asked
            for flaw in one["vulns"]
        ]
    except (ValueError, KeyError, TypeError):
        last = (complaint.strip().splitlines() or ["no reason given"])[-1]
        return [], f"the database of weaknesses cannot be reached: {last[:200]}"
    return flaws, f"not asked for: {'; '.join(skipped)}" if skipped else ""


def main(arguments: Sequence[str]) -> int:
    """Audit; see the module's text."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--offline", action="store_true", help="do not ask for known weaknesses")
    parser.add_argument("--strict", action="store_true", help="fail where they could not be asked for")
    given = parser.parse_args(arguments)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pins = read_pins((ROOT / "constraints.txt").read_text(encoding="utf-8"))
    wrong: list[str] = []
    for name, found in sorted(parts(project["dependencies"], distribution), key=lambda one: one[0]):
        if found is None:
            wrong.append(f"{name} is not installed")
            continue
        licence = licence_of(found) or UNSTATED.get(name, "")
        print(f"{name:28} {found.version:14} {licence or 'states no licence'}")
        if pins.get(name) != found.version:
            wrong.append(f"{name} {found.version} is installed, pinned is {pins.get(name, 'nothing')}")
        if not fits(licence):
            wrong.append(f"{name}: licence {licence or 'not stated'!r} is not among those that fit")
    flaws, why = ([], "--offline") if given.offline else weaknesses(ROOT / "constraints.txt")
    wrong += flaws
    for one in wrong:
        print(f"WRONG: {one}")
    print(f"KNOWN WEAKNESSES: not asked in full ({why})" if why else "KNOWN WEAKNESSES: asked for all pins")
    return 1 if wrong or (given.strict and why) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
