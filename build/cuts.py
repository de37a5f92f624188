"""Cuts the texts of the program and of its questionnaires into words beforehand: ``resources/i18n/cuts.txt``.

    PYTHONPATH=src python build/cuts.py resources/i18n/cuts.txt

``line_ends.txt`` is written into the same folder: what the line ends of the prints cost (`dgdesk.text.line_ends`).
To run after texts, terms or the dictionary were changed. A text that is not in the list is cut when it is shown; that
takes longer, because the dictionary has to be loaded for it. A line that the dictionary contradicts fails a test.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

from dgdesk.draft.drafts import edition_rubric, editions, load_form
from dgdesk.printing.fonts import Fonts
from dgdesk.printing.lines import LineBreaker
from dgdesk.printing.signoff import Seal, print_signoff
from dgdesk.printing.style import ParagraphStyle, TextRun
from dgdesk.printing.survey.choices import PrintChoices, Variant
from dgdesk.printing.survey.context import PrintSource
from dgdesk.printing.survey.document import print_survey
from dgdesk.resources import resource
from dgdesk.survey.definition.form import Form
from dgdesk.survey.definition.respondent import called, respondent_field
from dgdesk.survey.definition.texts import texts_of
from dgdesk.survey.rules.state import Facts, make_rules
from dgdesk.text.breaks import DictionaryBreaker, read_terms
from dgdesk.text.clusters import THAI_RUN
from dgdesk.text.dates import MONTHS
from dgdesk.text.line_ends import MARKS, WORD, LineEndCosts
from dgdesk.text.messages import load_catalogue

NOTICE = """\
# Runs of Thai letters in the texts of the program and of its questionnaires, cut into words; made by build/cuts.py,
# not by hand. The words are those that words.txt and terms.txt give.
"""
ENDS_NOTICE = """\
# Words side by side in the prints of the shipped editions, and what a line end between two of them costs; made by
# build/cuts.py, not by hand. The signs are those of dgdesk.text.line_ends.
"""
MANY = 50  # options: a list of provinces
BEFORE_A_PROVINCE = ("จังหวัด", "ผู้ว่าราชการจังหวัด")
VARIANTS: tuple[Variant, ...] = ("final", "draft", "blank", "compact")


class Recorder:
    """A breaker that remembers what it cut: a print also shows the beginnings of long questions."""

    def __init__(self, breaker: DictionaryBreaker) -> None:
        self._breaker = breaker
        self.seen: list[str] = []

    def segments(self, text: str) -> tuple[str, ...]:
        """As `DictionaryBreaker.segments`."""
        self.seen.append(text)
        return self._breaker.segments(text)


class EndsRecorder(LineEndCosts):
    """Costs of line ends that remember for which words they were asked."""

    def __init__(self) -> None:
        super().__init__(resource("i18n/compounds.txt"), read_terms(resource("i18n/terms.txt")))
        self.seen: set[tuple[str, ...]] = set()

    def between(self, words: Sequence[str]) -> tuple[float, ...]:
        """See `LineEndCosts.between`."""
        self.seen.add(tuple(words))
        return super().between(words)

    def lines(self) -> list[str]:
        """The lines of the file, in order; words with a sign that has a meaning there are left out."""
        used = frozenset("#\n").union(MARKS.values())
        plain = sorted(words for words in self.seen if used.isdisjoint("".join(words)))
        return ["".join(written(words, self.of_compounds(words))) for words in plain]


def written(words: Sequence[str], costs: Sequence[float]) -> Iterator[str]:
    """The words, and before each but the first the sign of its cost."""
    yield words[0]
    for word, cost in zip(words[1:], costs[1:], strict=True):
        yield MARKS[cost] + word


def texts(breaker: DictionaryBreaker, ends: EndsRecorder) -> Iterator[str]:
    """Every text that is shown as it is; ``ends`` is asked for the lines of the prints."""
    for sentences in load_catalogue().messages.values():
        yield sentences["th"]
    yield from MONTHS
    for edition in editions():
        form = load_form(edition)
        yield from texts_of(form.definition)
        yield form.definition.title
        yield from about_respondents(called(respondent_field(form.definition), load_catalogue("th").text))
        if form.definition.signoff is not None:
            yield form.definition.signoff.certification
            yield from (role.title for role in form.definition.signoff.roles)
        for field in form.definition.fields():
            if len(field.options) > MANY:
                yield from (before + option.label for option in field.options for before in BEFORE_A_PROVINCE)
        yield from printed(form, breaker, ends)


def about_respondents(kind: str) -> Iterator[str]:
    """The sentences that name what a respondent is, with this edition's word for it."""
    for sentences in load_catalogue().messages.values():
        if "{called}" in sentences["th"]:
            yield sentences["th"].replace("{called}", kind)


def printed(form: Form, breaker: DictionaryBreaker, ends: EndsRecorder) -> Iterator[str]:
    """What the prints of an empty form show, and its sign-off sheet."""
    rules = make_rules(form, edition_rubric(form.definition.edition))
    claimed = datetime(2025, 8, 1, tzinfo=UTC)
    recorder = Recorder(breaker)
    for variant, large in product(VARIANTS, (False, True)):
        state = None if variant == "blank" else rules.evaluate(Facts({}), claimed.date())
        choices = PrintChoices(variant, large=large)
        source = PrintSource(rules, state, claimed, answers_digest="0" * 64)
        print_survey(source, choices, load_catalogue("th"), breaker=recorder, line_ends=ends)
    if form.definition.signoff is not None:
        seal = Seal(form.definition.title, "", None, None, "", "", claimed, "0" * 64, "0" * 64, "0" * 64)
        for digits in (False, True):
            print_signoff(
                form.definition.signoff,
                seal,
                load_catalogue("th"),
                breaker=recorder,
                line_ends=ends,
                thai_digits=digits,
            )
    setter, style = LineBreaker(Fonts(), breaker, ends), ParagraphStyle(11)
    for text in recorder.seen:  # where lines end depends on what else stands in them, so all ends are asked for
        setter.widest(setter.words([TextRun(text)], style), WORD)
    yield from recorder.seen


def main(out: str) -> None:
    """Write the two lists."""
    breaker = DictionaryBreaker(resource("i18n/words.txt"), read_terms(resource("i18n/terms.txt")))
    ends = EndsRecorder()
    runs = sorted({run for text in texts(breaker, ends) for run in THAI_RUN.findall(text)})
    lines = ["|".join(breaker.words_of(run)) for run in runs]
    Path(out).write_text(NOTICE + "\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    beside = Path(out).with_name("line_ends.txt")
    beside.write_text(ENDS_NOTICE + "\n".join(ends.lines()) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
