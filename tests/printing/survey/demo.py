"""The demo's province as it is printed, with evidence in every slot that asks for it."""

from __future__ import annotations

from datetime import datetime

from dgdesk.demo.run import answers_of, read_province
from dgdesk.draft.drafts import edition_rubric, load_form
from dgdesk.printing.document import Printed
from dgdesk.printing.survey.choices import PrintChoices
from dgdesk.printing.survey.context import PrintSource
from dgdesk.printing.survey.document import print_survey
from dgdesk.printing.survey.evidence import file_numbers
from dgdesk.resources import resource
from dgdesk.survey.answers.attachments import Attachment
from dgdesk.survey.answers.reading import read_json
from dgdesk.survey.respondents import ISO_3166_2, Respondent
from dgdesk.survey.rules.problems import asks_for_evidence
from dgdesk.survey.rules.state import Facts, make_rules
from printing.survey.support import DIGEST, catalogue

CHOICES = {
    "final": PrintChoices(),
    "large": PrintChoices(large=True),
    "blank": PrintChoices(variant="blank"),
    "large blank": PrintChoices(variant="blank", large=True),
}


def demo_source() -> PrintSource:
    """The demo's answers, each slot with one file."""
    form = load_form()
    rules = make_rules(form, edition_rubric(form.definition.edition))
    province = read_province(resource("demo/demo.yaml"))
    claimed = datetime.fromisoformat(province.claimed_time)
    typed = answers_of(form, province).items()
    answers = {at: value for at, stored in typed if (value := read_json(form.node(at), stored)) is not None}
    state = rules.evaluate(Facts(answers), claimed.date())
    evidence = {
        slot.id: (Attachment(f"{number:064x}", f"หลักฐาน {number}.pdf", 9_000, "application/pdf", "1", "ข้อ 2"),)
        for number, slot in enumerate(form.slots.values())
        if asks_for_evidence(form, answers, state.shown, slot)
    }
    state = rules.evaluate(Facts(answers, evidence), claimed.date())
    return PrintSource(
        rules, state, claimed, Respondent(ISO_3166_2, "TH-50", "เชียงใหม่"), file_numbers(form, state), DIGEST
    )


def print_demo(source: PrintSource, name: str) -> Printed:
    """One of the prints that are measured (`CHOICES`)."""
    return print_survey(source, CHOICES[name], catalogue())
