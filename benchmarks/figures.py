"""Benchmarks, figures: what a benchmark hands over, how growth is judged, and how the table is written.

Every ``bench_*.py`` has ``run(short) -> Iterable[Figure]``. A figure has a permanent name, which docs/promises.yaml
refers to. Targets are judged in the full run alone: a short one works on sizes at which fixed costs rule.
"""

from __future__ import annotations

import math
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Literal

SOURCES = [str(Path(__file__).resolve().parents[1] / name) for name in ("src", "tests")]
# What stands beside the environment comes last: the environment's own versions are used where both have one.
sys.path += [one for one in (os.environ.get("DGDESK_COMPARED", ""),) if one and one not in sys.path]

LINEAR = 1.15
"""Growth up to this exponent counts as linear: between two sizes, timing alone scatters by a tenth."""


@dataclass(frozen=True)
class Figure:
    """One measured thing. ``value`` is None where it could not be had, and ``note`` says why.

    ``most`` is the target, for the value or for the ratio to ``beside``: what a user would use instead, in the same
    run. ``memory`` is the most memory of the benchmark's process in MB.
    """

    name: str
    says: str
    value: float | None
    unit: str
    most: float | None = None
    judged: Literal["value", "ratio"] = "value"
    beside: float | None = None
    against: str = ""
    note: str = ""
    memory: float | None = None

    @property
    def ratio(self) -> float | None:
        """How many times what it stands beside."""
        return self.value / self.beside if self.value is not None and self.beside else None

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where there is none, or nothing was measured."""
        found = self.ratio if self.judged == "ratio" else self.value
        return None if self.most is None or found is None else found <= self.most


def missing(name: str, says: str, why: str) -> Figure:
    """A figure that could not be had."""
    return Figure(name, says, None, "", note=why)


def exponent(sizes: Sequence[float], taken: Sequence[float]) -> float:
    """Return the slope of a straight line through the logarithms: 1 is linear, 0 does not grow, 2 is square."""
    xs, ys = [math.log(one) for one in sizes], [math.log(max(one, 1e-9)) for one in taken]
    middle_x, middle_y = statistics.fmean(xs), statistics.fmean(ys)
    return sum((x - middle_x) * (y - middle_y) for x, y in zip(xs, ys, strict=True)) / sum(
        (x - middle_x) ** 2 for x in xs
    )


def growth(
    name: str, says: str, sizes: Sequence[float], taken: Sequence[float], unit: str, *, most: float = LINEAR
) -> Figure:
    """A figure of growth; judged is the larger of the fitted exponent and that of the last step.

    Fixed costs flatten the beginning of a curve, so that a fit over all sizes alone would hide a bad end.
    """
    fitted, last = exponent(sizes, taken), exponent(sizes[-2:], taken[-2:])
    worse = max(fitted, last)
    word = "does not grow" if worse < 0.15 else "linear or less" if worse <= LINEAR else "more than linear"
    steps = ", ".join(f"{size:g}: {one:.4g} {unit}" for size, one in zip(sizes, taken, strict=True))
    return Figure(name, says, worse, "exponent", most, note=f"{word}; fit {fitted:.2f}, last step {last:.2f}; {steps}")


def seconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def median_of(work: Callable[[], object], rounds: int) -> float:
    """The median seconds of some calls."""
    return statistics.median(seconds(work) for _ in range(rounds))


def least_of(work: Callable[[], object], rounds: int) -> float:
    """The least seconds of some calls: what the work costs where nothing else disturbs the machine."""
    return min(seconds(work) for _ in range(rounds))


def peak_mb() -> float:
    """The most memory that this process ever held, in MB (procfs; NaN elsewhere)."""
    return _status("VmHWM")


def resident_mb() -> float:
    """The memory that this process holds now, in MB (procfs; NaN elsewhere)."""
    return _status("VmRSS")


def _status(name: str) -> float:
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return math.nan
    return next(int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith(f"{name}:"))


def show(figures: Iterable[Figure]) -> None:
    """Print figures, one a line, for those who start a benchmark by itself."""
    for one in figures:
        print(" | ".join([*cells(one, judge=True), one.note]), flush=True)


# ---- the table -------------------------------------------------------------------------------------------------------

HEAD = ("figure", "what", "measured", "compared with", "ratio", "target", "met")


def cells(one: Figure, *, judge: bool) -> tuple[str, ...]:
    """A figure as a row of the table."""
    ratio = "" if one.ratio is None else f"{one.ratio:.2f}"
    target = "" if one.most is None else f"≤ {one.most:g} {'×' if one.judged == 'ratio' else one.unit}"
    met = {True: "yes", False: "**no**", None: ""}[one.met] if judge else ""
    beside = "" if one.beside is None else f"{number(one.beside)} {one.unit} ({one.against})"
    return one.name, one.says, measured(one), beside, ratio, target, met


def measured(one: Figure) -> str:
    """The value with its unit, or that there is none."""
    return "not measured" if one.value is None else f"{number(one.value)} {one.unit}".strip()


def number(value: float) -> str:
    """A number with three digits that count."""
    if value != value:
        return "?"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def as_json(figures: Iterable[Figure]) -> list[dict[str, Any]]:
    """Figures for figures.json, with ratio and verdict beside them."""
    return [{**asdict(one), "ratio": one.ratio, "met": one.met} for one in figures]


def from_json(found: Iterable[dict[str, Any]]) -> list[Figure]:
    """Figures out of figures.json."""
    names = set(Figure.__dataclass_fields__)
    return [Figure(**{key: value for key, value in one.items() if key in names}) for one in found]


def with_memory(figures: Iterable[Figure], memory: float) -> list[Figure]:
    """Figures that know the peak of their process."""
    return [replace(one, memory=memory) if one.memory is None else one for one in figures]


def table(run: dict[str, Any]) -> str:
    """The page docs/figures.md, from what figures.json holds."""
    figures = from_json(run["figures"])
    judge = not run["short"]
    missed = [one for one in figures if judge and one.met is False]
    lines = [
        "# Figures",
        "",
        "Written by `python3 build/dev.py benchmarks`; do not edit. Beside each figure stands what a user would use",
        "instead, measured in the same run; a ratio means more than a time. `docs/promises.md` says what they are for.",
        "",
        f"{run['date']}, {run['minutes']:.1f} minutes; {run['machine']}.",
        "Load when it began: "
        + run["load"]
        + ". Versions: "
        + ", ".join(f"{k} {v}" for k, v in run["versions"].items()),
        "",
    ]
    if run["short"]:
        lines += ["**A short run**: small sizes, few rounds; targets are not judged.", ""]
    else:
        lines += [f"Targets: {sum(one.met is True for one in figures)} met, {len(missed)} missed.", ""]
    lines += [f"Measured again since: {name} ({when})." for name, when in run.get("anew", {}).items()]
    lines += [""] if run.get("anew") else []
    for bench in dict.fromkeys(one.name.split(".")[0] for one in figures):
        own = [one for one in figures if one.name.split(".")[0] == bench]
        memory = max((one.memory for one in own if one.memory is not None), default=None)
        lines += [f"## {bench}", ""]
        lines += [f"Most memory of its process: {number(memory)} MB.", ""] if memory is not None else []
        lines += ["| " + " | ".join(HEAD) + " |", "| " + " | ".join("---" for _ in HEAD) + " |"]
        lines += ["| " + " | ".join(part.replace("|", "/") for part in cells(one, judge=judge)) + " |" for one in own]
        lines += [""]
        lines += [f"- `{one.name}`: {one.note}" for one in own if one.note]
        lines += [""] if any(one.note for one in own) else []
    return "\n".join(lines).rstrip() + "\n"


# ---- the machine -----------------------------------------------------------------------------------------------------


def machine() -> str:
    """What this ran on: system, processor, cores, memory."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    try:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    except (AttributeError, ValueError, OSError):
        memory = math.nan
    return f"{platform.system()} {platform.release()}, {_processor()}, {cores} cores, {memory:.0f} GB of memory"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def load() -> str:
    """How busy the machine is: the load of one, five and fifteen minutes."""
    return " ".join(f"{one:.1f}" for one in os.getloadavg()) if hasattr(os, "getloadavg") else "unknown"


def versions() -> dict[str, str]:
    """The versions of what was measured, and of what it is compared with."""
    import sqlite3

    found = {"Python": platform.python_version(), "SQLite": sqlite3.sqlite_version}
    for name in ("dgdesk", "PySide6-Essentials", "bagit", "weasyprint", "typst", "pyxform", "lxml"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not there"
    if found["dgdesk"] == "not there":
        sys.path[:0] = SOURCES[:1]
        import dgdesk

        found["dgdesk"] = dgdesk.__version__
    return found
