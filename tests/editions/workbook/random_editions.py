"""Random editions with every part that the models have; they need not make sense, and the same seed gives the same."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from dgdesk.editions.workbook.tables import Edition
from dgdesk.survey.definition.models import Definition
from dgdesk.survey.rules.rubric import Rubric
from dgdesk.survey.rules.search_words import NO_WORDS, SearchWords

Tree = dict[str, Any]
_TEXTS = (
    *("ชื่อหน่วยงาน", "1. นโยบาย", "@home", "=SUM(A1)", "-", "+66", "'ก'", "_x0041_", "บรรทัดแรก\nบรรทัดที่สอง"),
    *(" นำหน้าด้วยวรรค",),
    *("no", "yes", "1.10", "007", "2030-09", "#N/A", "TRUE", "{n}. โครงการ", "น้อยกว่า < 5 และ > 1", "a: b # c", "[x]"),
    *("ท้ายวรรค ", "a, b", "😀 ✓"),
    *("“อัญประกาศ”", "ก" * 900, "null", "~", "*ref", "&anchor", "key: {a: 1}", "%", "`", '"', "|", "1e5", "ฯลฯ"),
)  # fmt: skip
_LINES = tuple(text for text in _TEXTS if "\n" not in text)
_WORDS = tuple(text for text in _LINES if text == text.strip())
_LEAVES = ("text", "long_text", "number", "percent", "url", "email", "phone", "month_year")


def random_edition(seed: int) -> Edition:
    """Return the edition of a seed."""
    return _Maker(random.Random(seed)).edition()


class _Maker:
    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.count = 0
        self.asked: list[str] = []

    def edition(self) -> Edition:
        chance = self.chance
        listed = tuple(
            {"id": f"TH-{10 + at}", "label": self.text(), "en": "Office"} for at in range(chance.randint(0, 3))
        )
        sections = [self.section(listed if at == 0 else ()) for at in range(chance.randint(1, 4))]
        head: Tree = {"id": "made-up", "title": self.text(), "year": "2570", "version": "3"}
        head["name"] = {"th": self.text(), **self.maybe(en="made up")}
        whose: Tree = {
            "field": "who",
            "scheme": "th-offices",
            **self.maybe(called={"th": "กรม", **self.maybe(en="dept")}),
        }
        whose |= self.maybe(named={"th": "กรม{name}"})
        tree: Tree = {
            "edition": head["id"],
            "title": head["title"],
            "sections": sections,
            "indicators": self.indicators(),
            "checks": [self.check() for _ in range(chance.randint(0, 3))],
            **self.maybe(evidence_limits={"file": "5", "total": "2147483648"}, closes="2027-03-31"),
            **self.maybe(signoff={"certification": self.text(), "roles": [{"id": "a.b", "title": self.text()}]}),
            **self.maybe(issued={"owner": {"th": self.text()}, **self.maybe(law={"th": self.text(), "en": "law"})}),
            **self.maybe(contact=self.maybe(address="x1", mobile="x2") or {"position": "x3"}),
            **({"respondent": whose} if listed or chance.random() < 0.5 else {}),
        }
        if "respondent" in tree:
            head["respondent"] = {**whose, **({"list": "offices"} if listed else {})}
        rubric = Rubric.model_validate(self.rubric()) if chance.random() < 0.7 else None
        words = SearchWords.model_validate(self.words()) if chance.random() < 0.7 else NO_WORDS
        return Edition(head, Definition.model_validate(tree), rubric, words, listed)

    def section(self, listed: tuple[Tree, ...]) -> Tree:
        pages = [self.page(listed if at == 0 else ()) for at in range(self.chance.randint(1, 3))]
        more = self.maybe(short=self.text(), indicator=self.chance.choice(["1", ""]), weight="12.5", notes=self.notes())
        return {"id": self.id("s"), "title": self.text(), **more, "pages": pages}

    def page(self, listed: tuple[Tree, ...]) -> Tree:
        items = [self.field(0) for _ in range(self.chance.randint(1, 4))]
        if listed:
            options = [{key: part for key, part in one.items() if key != "en"} for one in listed]
            items.append({"id": "who", "kind": "single", "label": self.text(), "options": options})
        return {"id": self.id("page"), **self.maybe(short=self.text(), title=self.text()), "items": items}

    def field(self, depth: int) -> Tree:
        kinds = _LEAVES if depth > 2 else (*_LEAVES, "single", "multiple", "matrix", "repeat", "group", "single")
        kind = self.chance.choice(kinds)
        made: Tree = {"id": self.id("q"), "kind": kind}
        made |= self.maybe(code=self.chance.choice(["P1", "", "1.10"]), heading=self.text(), label=self.text())
        made |= self.maybe(hint=self.text(), unit=self.text(), blanks=self.lines(), headings=self.lines())
        made |= self.maybe(required="false", advised="true", several="true", mobile="true", extension="x1")
        made |= self.maybe(notes=self.notes(), notes_after=self.notes(), when=self.condition(0), min="-1.5", max="1000")
        made |= self.maybe(decimals="2", first_number="0")
        match kind:
            case "single" | "multiple":
                made["options"] = [self.option(at, depth) for at in range(self.chance.randint(1, 4))]
            case "matrix":
                made |= self.matrix(depth)
            case "repeat":
                made |= {"fields": self.fields(depth), "max_items": "5", **self.maybe(evidence=self.request())}
            case "group":
                made["fields"] = self.fields(depth)
        self.asked.append(made["id"])
        return made

    def fields(self, depth: int) -> list[Tree]:
        return [self.field(depth + 1) for _ in range(self.chance.randint(1, 3))]

    def option(self, at: int, depth: int) -> Tree:
        made: Tree = {"id": f"{at}.10", **self.maybe(label=self.text(), code=self.chance.choice(["C1", ""]))}
        made |= self.maybe(hint=self.text(), notes=self.notes(), evidence=self.request(), exclusive="true", own="true")
        made |= self.maybe(negative="true", skip={"to": "x9", "text": self.text()})
        return {**made, **self.maybe(fields=self.fields(depth))}

    def matrix(self, depth: int) -> Tree:
        groups = self.chance.choice([(), ("g1", "g2")])
        columns = [
            {
                **{"id": name, "label": self.chance.choice(["", self.text()])},
                **self.maybe(evidence=self.request(), negative="true"),
                **({"group": group} if group else {}),
            }
            for group in groups or ("",)
            for name in ("yes", "no")
        ]
        rows = []
        for at in range(self.chance.randint(1, 3)):
            names = self.chance.sample(("no", "yes"), self.chance.randint(0, 2))
            cells = {name: self.maybe(evidence=self.request(), fields=self.fields(depth)) for name in names}
            more = self.maybe(header="true", required="false", notes=self.notes(), cells=cells)
            rows.append({"id": f"1.{at}0", "label": self.text(), **more})
        made: Tree = {"columns": columns, "rows": rows}
        return {**made, **({"groups": [{"id": one, "label": self.text()} for one in groups]} if groups else {})}

    def request(self) -> Tree:
        rule = self.chance.choice(["required", "optional", "or_url"])
        return {"rule": rule, "text": self.text(), **self.maybe(url="x4", at="end")}

    def notes(self, depth: int = 0) -> list[Tree]:
        kinds = ("note", "example", "definition", "instruction", "question", "heading")
        made = []
        for _ in range(self.chance.randint(1, 2)):
            items = self.notes(depth + 1) if depth < 2 and self.chance.random() < 0.4 else []
            # a note without a text is none
            made.append(
                {"text": self.text(), **self.maybe(kind=self.chance.choice(kinds), label=self.text(), items=items)}
            )
        return made

    def condition(self, depth: int) -> Tree:
        match self.chance.randint(0, 3 if depth < 3 else 0):
            case 0:
                return {"chosen": ["x1.a-b", self.chance.choice(["yes", "1.10", "TH-50"])]}
            case 1:
                return {"not_": self.condition(depth + 1)}
            case even:
                parts = [self.condition(depth + 1) for _ in range(self.chance.randint(0, 3))]
                return {"all" if even == 2 else "any": parts}

    def check(self) -> Tree:
        kind = self.chance.choice(["at_most", "positive", "needs", "excludes", "named"])
        made: Tree = {"code": "check.names_missing", "kind": kind, "left": "x1:1:train", "severity": "warning"}
        return {**made, **self.maybe(right="x2", left_option="yes", right_option="no")}

    def indicators(self) -> Tree:
        pillars = [
            {
                **{
                    "id": str(at),
                    "heading": self.text(),
                    "title": self.text(),
                    "weight": "33.3",
                    "weight_text": self.text(),
                },
                "indicators": list(self.indicator_rows(str(at), 0)),
            }
            for at in range(self.chance.randint(0, 3))
        ]
        return {"headings": [self.text() for _ in range(2)], "pillars": pillars, "footnote": self.notes()[0]}

    def indicator_rows(self, parent: str, depth: int) -> Iterator[Tree]:
        for at in range(self.chance.randint(0, 2)):
            name = f"{parent}.{at}"
            inside = list(self.indicator_rows(name, depth + 1)) if depth < 2 else []
            made: Tree = {"id": name, "number": self.text(), "name": self.text(), "indicators": inside}
            yield {**made, **self.maybe(purpose=self.text(), starred="true")}

    def rubric(self) -> Tree:
        pillars = [
            {"id": str(at), "weight": "50", "basis": "printed", "indicators": list(self.rules(str(at), 0))}
            for at in range(2)
        ]
        made: Tree = {"id": "rules-1", "edition": "made-up", "progress": "0.5", "progress_basis": "assumed"}
        return {**made, "pillars": pillars, **self.maybe(unscored=[{"id": "x1", "basis": "assumed"}])}

    def rules(self, parent: str, depth: int) -> Iterator[Tree]:
        for at in range(self.chance.randint(0, 2)):
            name = f"{parent}.{at}"
            inside = list(self.rules(name, depth + 1)) if depth < 2 else []
            questions = [self.question() for _ in range(self.chance.randint(0, 3))]
            made: Tree = {"id": name, "basis": "assumed", "indicators": inside, "questions": questions}
            yield {**made, **self.maybe(substitute="x5")}

    def question(self) -> Tree:
        rule = self.chance.choice(["choice", "matrix", "count_rows", "count", "ratio", "channel", "best", "external"])
        made: Tree = {"field": self.id("f"), "rule": rule, "basis": "assumed", **self.maybe(note=self.text())}
        credit = {"yes": "1", "1.10": "0.50", "doing": "progress", "n": "exempt"}
        several = {"together": ["a", "1.10"], "none": ["z"]}
        match rule:
            case "choice":
                made |= {"credit": credit, **self.maybe(detail=self.detail())}
            case "matrix":
                made |= {"credit": credit, **self.maybe(needs={"b": "a"}, at_least={"x1.count": "1"})}
                made |= self.maybe(details={"1.10": self.detail(), "2": self.detail()})
            case "count_rows":
                made |= {"of": "3", **self.maybe(together=["1.10"])}
            case "count":
                made |= {"of": "4", **self.maybe(**several)}
            case "ratio":
                made |= {"part": "a", "whole": "b", "whole_field": "c", "at_zero": "drop"}
            case "channel":
                made |= {"urls": {"1": "u1", "2": "u2"}, "half": "3", "unless": ["x1", "yes"]}
            case "best":
                made |= {"status": {"1": "s1"}, "details": {"1": self.detail()}, "credit": credit}
            case _:
                made |= self.maybe(zero_when=["x1", "no"])
        return made

    def detail(self) -> Tree:
        made: Tree = {"kind": self.chance.choice(["share", "any"]), "fields": ["x1", "x2.a"]}
        return {**made, **self.maybe(of="6", base=self.chance.choice(["0.5", "progress"]), together=["a"], none=["b"])}

    def words(self) -> Tree:
        places = [{"words": self.chance.sample(_WORDS, 2), "at": ["x1", "x2:1"]} for _ in range(2)]
        return {"alike": [self.chance.sample(_WORDS, 3) for _ in range(2)], "places": places}

    def text(self) -> str:
        return self.chance.choice(_TEXTS)

    def lines(self) -> list[str]:
        return self.chance.sample(_LINES, 2)

    def id(self, start: str) -> str:
        self.count += 1
        return f"{start}{self.count}.{self.chance.choice('abc')}"

    def maybe(self, **parts: Any) -> Tree:
        """Take each part or not, at random; empty ones are left out."""
        return {name: part for name, part in parts.items() if part != [] and self.chance.random() < 0.4}
