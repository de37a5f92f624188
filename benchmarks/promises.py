"""docs/promises.md out of docs/promises.yaml and docs/figures.json, so that no figure in it can go stale.

    python benchmarks/promises.py

``build/dev.py benchmarks`` writes it after each run; a test holds the page against both files.
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
    kind = "a short run: sizes are small and targets not judged" if run["short"] else "a full run"
    lines = [
        "# Promises",
        "",
        "What dgdesk promises, what shows it, and the latest figure. Written by `build/dev.py benchmarks` out of",
        "`promises.yaml` and `figures.json`; do not edit. Tests run with `python3 build/dev.py test`, faults with",
        "`python3 build/dev.py faults`, benchmarks with `python3 build/dev.py benchmarks`.",
        "",
        f"Figures of {run['date']} ({kind}) on {run['machine']}; load when it began {run['load']}.",
        "All of them, with what they stand beside: [figures.md](figures.md).",
        "",
    ]
    for group in promises:
        lines += [f"## {group['about']}", "", "| promise | shown by | latest figure |", "| --- | --- | --- |"]
        for one in group["promises"]:
            shown = "<br>".join(f"`{each}`" for each in one["shown_by"])
            told = "<br>".join(tell(figures.get(name), name, judge=not run["short"]) for name in one.get("figures", []))
            lines.append(f"| {one['promise']} | {shown} | {told} |")
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
