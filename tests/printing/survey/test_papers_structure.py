"""The papers around a survey are heard too: signing set, sign-off sheet, enrolment card, tables of words."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from dgdesk.draft.signatories import Memo, Signatory, SigningTexts
from dgdesk.printing.enrolment import EnrolmentCard, print_enrolment
from dgdesk.printing.listing import Listing, ListingTexts, print_listing
from dgdesk.printing.signoff import Counts, Seal, print_signoff
from dgdesk.printing.survey.choices import PrintChoices
from dgdesk.printing.survey.document import print_signing_set
from dgdesk.printing.survey.signing_set import SigningPapers
from dgdesk.survey.definition.models import SignOff
from dgdesk.survey.respondents import ISO_3166_2, Respondent
from dgdesk.survey.rules.state import Rules
from printing.conforming import findings
from printing.survey.support import CLAIMED, DIGEST, catalogue, source
from printing.tree import Node, TaggedFile, read_tree
from scenario import Scenario
from spaces import SpaceBreaker

GOVERNOR = "ผู้ว่าราชการจังหวัดเชียงใหม่"
PEOPLE = (
    Signatory("coordinator", "prepares", "ผู้ประสานงาน", "สมหญิง ใจดี", "นักวิเคราะห์"),
    Signatory("pcio", "checks", "ผู้บริหารเทคโนโลยีสารสนเทศ (PCIO)", acting="acting"),
    Signatory("governor", "certifies", GOVERNOR),
)
MEMO = Memo("ศาลากลาง", "", "1 สิงหาคม 2568", "ขอความเห็นชอบ", GOVERNOR, "เรื่องเดิม\nข้อพิจารณา")
SEAL = Seal(
    title="แบบสำรวจระดับความพร้อม",
    edition="th-province-2568",
    respondent=Respondent(ISO_3166_2, "TH-50", "เชียงใหม่"),
    declared=None,
    bundle="เชียงใหม่.zip",
    signer="สมชาย มีสุข",
    claimed=CLAIMED,
    answers_digest=DIGEST,
    bundle_digest="b2" * 32,
    fingerprint="c3" * 32,
    signatories=PEOPLE,
    counts=Counts(51, 116, 228, 230),
)


@pytest.fixture
def signoff(rules: Rules) -> SignOff:
    found = rules.form.definition.signoff
    assert found is not None
    return found


def checked(data: bytes) -> TaggedFile:
    """The structure of a file in which nothing is wrong."""
    assert findings(data) == []
    found = read_tree(data)
    assert found.faults == []
    return found


def heard(node: Node) -> str:
    return " ".join(node.heard.split())


@pytest.mark.parametrize("large", [False, True])
def test_a_signing_set_names_its_lines_and_lists(rules: Rules, signoff: SignOff, large: bool) -> None:
    state = Scenario(rules).fill().prove().answer("g1", "no").state
    papers = SigningPapers(signoff, SEAL, SigningTexts(PEOPLE, MEMO))
    choices = PrintChoices(large=large, thai_digits=large)
    root = checked(print_signing_set(source(rules, state), choices, papers, catalogue()).data).root
    first = [one.text.strip() for one in root.all("H1")]
    assert first[0] == "บันทึกข้อความ" and len(first) == 4
    said = heard(root)
    assert "(ลงชื่อ) ช่องลงลายมือชื่อ ผู้จัดทำ ผู้จัดทำ" in said
    assert "วันที่ ช่องว่างให้กรอก เดือน ช่องว่างให้กรอก พ.ศ. ช่องว่างให้กรอก" in said
    assert "...." not in said
    lists = [one for one in root.all("L") if one.numbering in ("Disc", "Decimal")]
    assert [len(one.own("LI")) for one in lists][:2] == [3, 3]


def test_the_sheet_for_signatures_says_what_its_pictures_are(signoff: SignOff) -> None:
    root = checked(print_signoff(signoff, SEAL, catalogue()).data).root
    figures = [one.said for one in root.all("Figure")]
    assert len(figures) == 2 and figures[0].startswith("กรอบสำหรับประทับตรา") and figures[1].startswith("คิวอาร์โค้ด")
    (steps,) = root.all("L")
    assert [one.text.split()[0] for one in steps.all("Lbl")] == ["1.", "2.", "3."]
    checked(print_signoff(signoff, SEAL._replace(draft=True, signatories=(), counts=None), catalogue()).data)


def test_the_enrolment_card_is_no_table() -> None:
    moment = datetime(2026, 11, 20, 22, 0, tzinfo=UTC)
    card = EnrolmentCard("นาง ก", "", "สร้างเอง", date(2031, 11, 24), ("0123 4567", "89ab cdef"), "DGK1:0123", moment)
    root = checked(print_enrolment(card, catalogue()).data).root
    assert not list(root.all("Table")) and len(list(root.all("Figure"))) == 1
    assert heard(root).index("คิวอาร์โค้ด") < heard(root).index("0123 4567")


@pytest.mark.parametrize("count", [0, 90])
def test_a_table_of_words_has_heads(count: int) -> None:
    rows = [[ListingTexts(f"P{at}", strong=True), ListingTexts("a.pdf\nb.pdf")] for at in range(count)]
    listing = Listing(
        "Evidence", ("Nan",), "foot", lambda page, pages: f"{page}/{pages}", (1, 3), ("Code", "Files"), rows
    )
    root = checked(print_listing(listing, CLAIMED, SpaceBreaker()).data).root
    (table,) = root.all("Table")
    cells = [[(one.role, one.scope) for one in line.own("TH", "TD")] for line in table.own("TR")]
    assert cells == [[("TH", "Column")] * 2, *[[("TH", "Row"), ("TD", "")]] * count]
    assert [one.text.strip() for one in root.all("H1")] == ["Evidence"]
