"""Benchmark: the full survey from answers to a PDF, beside WeasyPrint and typst on the same text.

    python benchmarks/bench_printing.py [--rounds 6] [--out DIR]

Each side runs in a process of its own, best of ``--rounds``; imports are not counted, fonts and dictionaries are. The
processor's seconds include making up the demo's answers (0.5 s), which the seconds do not. The
other two get the text of our print as plain paragraphs of the same sizes and weights in the same font: less than our
tables, bookmarks and links. A side that is not installed is skipped, and said so. Targets: at most 1.5 s and 200 MB,
0.4 times WeasyPrint, 1.0 times typst.
"""

from __future__ import annotations

import argparse
import gc
import html
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest.mock import patch

sys.path[:0] = [str(Path(__file__).parents[1] / "src")]

from figures import Figure, missing, peak_mb, show

LATE = (
    "nlpo3",
    *(f"fontTools.ttLib.tables.{one}" for one in ("O_S_2f_2", "_c_m_a_p", "_h_m_t_x", "_l_o_c_a", "_p_o_s_t")),
)
SIDES = ("dgdesk", "weasyprint", "typst")


def demo_source() -> Any:
    """The demo's province, everything answered and proven; as `print_survey` takes it."""
    from dgdesk.demo.run import answers_of, read_province
    from dgdesk.draft.drafts import edition_rubric, load_form
    from dgdesk.printing.survey.context import PrintSource
    from dgdesk.printing.survey.evidence import file_numbers
    from dgdesk.resources import resource
    from dgdesk.survey.answers.attachments import Attachment
    from dgdesk.survey.answers.reading import read_json
    from dgdesk.survey.respondents import ISO_3166_2, Respondent
    from dgdesk.survey.rules.problems import asks_for_evidence
    from dgdesk.survey.rules.state import Facts, make_rules

    form = load_form()
    rules = make_rules(form, edition_rubric(form.definition.edition))
    province = read_province(resource("demo/demo.yaml"))
    claimed = datetime.fromisoformat(province.claimed_time)
    typed = answers_of(form, province).items()
    answers = {at: value for at, stored in typed if (value := read_json(form.node(at), stored)) is not None}
    state = rules.evaluate(Facts(answers), claimed.date())
    evidence = {
        slot.id: (Attachment(f"{number:064x}", f"หลักฐาน {number}.pdf", 9_000 * number, "application/pdf", "1", "ข้อ 2"),)
        for number, slot in enumerate(form.slots.values())
        if asks_for_evidence(form, answers, state.shown, slot)
    }
    state = rules.evaluate(Facts(answers, evidence), claimed.date())
    return PrintSource(
        rules, state, claimed, Respondent(ISO_3166_2, "TH-50", "เชียงใหม่"), file_numbers(form, state), "ab" * 32
    )


def ours(out: Path, texts: Path) -> float:
    """Print; return the seconds."""
    from dgdesk.printing.survey.choices import PrintChoices
    from dgdesk.printing.survey.document import print_survey
    from dgdesk.text.messages import load_catalogue

    source = demo_source()
    for late in LATE:  # imported on first use; no other side's imports are counted either
        import_module(late)
    gc.disable()  # as in the window, which collects garbage between events (dgdesk.ui.widgets.collector)
    started = time.perf_counter()
    printed = print_survey(source, PrintChoices(), load_catalogue())
    out.write_bytes(printed.data)
    return time.perf_counter() - started


def by_weasyprint(out: Path, texts: Path) -> float:
    """Print the same text from HTML; return the seconds."""
    rival = import_module("weasyprint")

    from dgdesk.resources import resource

    faces = "".join(
        f"@font-face{{font-family:S;font-weight:{weight};src:url({resource(f'fonts/Sarabun-{name}.ttf').as_uri()})}}"
        for name, weight in (("Regular", 400), ("SemiBold", 700))
    )
    started = time.perf_counter()
    rows = [
        f"<p style='font-size:{size}pt;font-weight:{700 if bold else 400}'>{html.escape(text)}</p>"
        for text, size, bold in json.loads(texts.read_text(encoding="utf-8"))
    ]
    style = f"<style>{faces}@page{{size:A4;margin:20mm}}p{{font-family:S;line-height:1.6;margin:2pt 0}}</style>"
    rival.HTML(string=f"<html lang=th>{style}<body>{''.join(rows)}").write_pdf(out)
    return time.perf_counter() - started


def by_typst(out: Path, texts: Path) -> float:
    """Print the same text by typst; return the seconds."""
    rival = import_module("typst")

    from dgdesk.resources import resource

    started = time.perf_counter()
    rows = [
        f"#text(size: {size}pt, weight: {600 if bold else 400})[#{json.dumps(text, ensure_ascii=False)}]"
        for text, size, bold in json.loads(texts.read_text(encoding="utf-8"))
    ]
    head = '#set page(paper: "a4", margin: 20mm)\n#set text(font: "Sarabun", lang: "th")\n#set par(leading: 0.9em)\n'
    source = out.with_suffix(".typ")
    source.write_text(head + "\n\n".join(rows), encoding="utf-8")
    rival.compile(str(source), output=str(out), font_paths=[str(resource("fonts"))])
    return time.perf_counter() - started


def texts_of_print() -> list[tuple[str, float, bool]]:
    """Every paragraph of our print: text, size, weight."""
    from dgdesk.printing.paragraph import Paragraph
    from dgdesk.printing.survey import document
    from dgdesk.printing.survey.choices import PrintChoices
    from dgdesk.text.messages import load_catalogue

    found: list[tuple[str, float, bool]] = []

    def collect(*arguments: Any, **options: Any) -> None:
        before(*arguments, **options)
        paragraph = arguments[0]
        found.append(("".join(run.text for run in paragraph.runs), paragraph.style.size, paragraph.style.bold))

    before = Paragraph.__init__
    with patch.object(Paragraph, "__init__", collect):
        document.print_survey(demo_source(), PrintChoices(), load_catalogue())
    return found


RUN: dict[str, Callable[[Path, Path], float]] = {"dgdesk": ours, "weasyprint": by_weasyprint, "typst": by_typst}


def measure(sides: Sequence[str], folder: Path, rounds: int) -> dict[str, list[dict[str, float]]]:
    """The results of every side; the sides take turns, so that a busy moment of the machine meets all of them."""
    results: dict[str, list[dict[str, float]]] = {side: [] for side in sides}
    for _ in range(rounds):
        for side in sides:
            call = [sys.executable, __file__, "--side", side, "--out", str(folder)]
            told = subprocess.run(call, capture_output=True, text=True, check=True).stdout
            results[side].append(json.loads(told))
    return results


def loads(side: str) -> bool:
    """Whether another side is there with all that it needs; WeasyPrint wants Pango's libraries."""
    call = [sys.executable, "-c", f"import sys; sys.path[:0] = {sys.path!r}; import {side}"]
    return subprocess.run(call, capture_output=True, check=False).returncode == 0


def page_count(path: Path) -> int:
    """The pages of a PDF."""
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    try:
        return len(document)
    finally:
        document.close()


def main(arguments: Iterable[str]) -> int:
    """Measure all sides; 1 when a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--side", choices=SIDES)
    chosen = parser.parse_args(list(arguments))
    if chosen.side:
        before = time.process_time()
        seconds = RUN[chosen.side](chosen.out / f"{chosen.side}.pdf", chosen.out / "texts.json")
        processor = time.process_time() - before
        print(json.dumps({"seconds": seconds, "processor": processor, "megabytes": peak_mb()}))
        return 0
    found = list(measured(chosen.rounds, chosen.out))
    show(found)
    return 1 if any(one.met is False for one in found) else 0


def run(short: bool) -> Iterable[Figure]:
    """For the table of all benchmarks."""
    return measured(1 if short else 6, None)


def measured(rounds: int, out: Path | None) -> Iterable[Figure]:
    """Measure."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = out or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        texts = json.dumps(texts_of_print(), ensure_ascii=False)
        (folder / "texts.json").write_text(texts, encoding="utf-8")
        sides = [one for one in SIDES if one == "dgdesk" or loads(one)]
        told = measure(sides, folder, rounds)
        best = {side: min(one["seconds"] for one in told[side]) for side in sides}
        pages = {side: page_count(folder / f"{side}.pdf") for side in sides}
        mine = told["dgdesk"]
        note = f"best of {rounds}; {pages['dgdesk']} pages; processor {min(one['processor'] for one in mine):.2f} s"
        what = "the full survey from answers to PDF"
        yield Figure("printing.time", what, best["dgdesk"], "s", 1.5, note=note)
        yield Figure("printing.memory", f"most memory, {what}", max(one["megabytes"] for one in mine), "MB", 200)
        for side, most in (("weasyprint", 0.4), ("typst", 1.0)):
            name, says = f"printing.{side}", f"{what}, beside {side} on the same text"
            if side not in sides:
                yield missing(name, says, f"{side} is not installed, or a library that it needs")
                continue
            beside = f"{pages[side]} pages of plain paragraphs, {max(one['megabytes'] for one in told[side]):.0f} MB"
            yield Figure(name, says, best["dgdesk"], "s", most, "ratio", best[side], side, note=beside)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
