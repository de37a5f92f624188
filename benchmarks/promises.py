"""docs/promises.md out of docs/promises.yaml, figures.json and faults.json, so that no figure in it can go stale.

    python benchmarks/promises.py

``build/dev.py benchmarks`` and ``faults`` write it after a run; a test holds the page against the files.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml
from figures import Figure, from_json, measured

DOCS = Path(__file__).resolve().parents[1] / "docs"


def write_promises(docs: Path) -> None:
    """Write the page."""
    (docs / "promises.md").write_text(page(docs), encoding="utf-8")


def page(docs: Path) -> str:
    """The page as it is to be."""
    promises = yaml.safe_load((docs / "promises.yaml").read_text(encoding="utf-8"))
    run = json.loads((docs / "figures.json").read_text(encoding="utf-8"))
    figures = {one.name: one for one in from_json(run["figures"])}
    faults = json.loads((docs / "faults.json").read_text(encoding="utf-8"))
    kind = "a short run: sizes are small and targets not judged" if run["short"] else "a full run"
    lines = [
        "# Promises",
        "",
        "What dgdesk promises, what shows it, and the latest figure. Written by `build/dev.py benchmarks` and",
        "`build/dev.py faults` out of `promises.yaml`, `figures.json` and `faults.json`; do not edit. Tests run with",
        "`python3 build/dev.py test`, faults with `python3 build/dev.py faults`, benchmarks with",
        "`python3 build/dev.py benchmarks`.",
        "",
        f"Figures of {run['date']} ({kind}) on {run['machine']}; load when it began {run['load']}.",
        "All of them, with what they stand beside: [figures.md](figures.md).",
        f"Faults of {faults['date']}, seed {faults['seed']}. A promise that tests alone show has no figure: the tests",
        "run on every change.",
        "",
    ]
    for group in promises:
        lines += [f"## {group['about']}", "", "| promise | shown by | latest figure |", "| --- | --- | --- |"]
        for one in group["promises"]:
            shown = "<br>".join(f"`{each}`" for each in one["shown_by"])
            parts = [name for kind, _, name in (each.partition(" ") for each in one["shown_by"]) if kind == "faults"]
            told = [f"{name}: {faults['parts'][name]['found']}" for name in parts]
            told += [tell(figures.get(name), name, judge=not run["short"]) for name in one.get("figures", [])]
            lines.append(f"| {one['promise']} | {shown} | {'<br>'.join(told)} |")
        lines.append("")
    return "\n".join(lines)


def tell(one: Figure | None, name: str, *, judge: bool) -> str:
    """A figure in a few words."""
    if one is None:
        return f"{name}: not in the latest run"
    words = f"{measured(one)}"
    if one.ratio is not None:
        words += f", {one.ratio:.2f} × {one.against}"
    verdict: dict[Any, str] = {True: " ✓", False: " **missed**", None: ""}
    return f"{name}: {words}{verdict[one.met] if judge else ''}"


if __name__ == "__main__":
    write_promises(DOCS)
