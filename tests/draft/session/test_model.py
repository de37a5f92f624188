"""Whatever a person does, in whatever order: the session holds what a plain dictionary would, also when reopened."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dgdesk.draft.changes import Changes
from dgdesk.draft.drafts import Draft, new_draft, open_draft
from dgdesk.errors import UsageError
from dgdesk.survey.answers.values import encode

NOW = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
FILES = {f"{name}.txt": f"หลักฐาน {name}".encode() for name in "กขค"}

ANSWERS: dict[str, list[Any]] = {
    "g1": ["no", "yes"],
    "g3": ["no", "yes"],
    "g3.projects.name#1": ["หนึ่ง", "น้ำ"],
    "g3.projects.name#2": ["สอง"],
    "p4.2.2.3": [0, 4, 4.35, 0.1],
    "p1.2a:1.1": ["exempt", "yes"],
    "p1.3.2": ["2027-03"],
    "g4.1": [["1"], ["1", "other"]],
}
TYPED = {"p4.1.count": ["๑๒", "12", "ราว 30", "-", " "], "general.email": ["nan@example.go.th", "nan@", "nan@ "]}
READ = {"๑๒": 12, "12": 12, " ": None, "nan@example.go.th": "nan@example.go.th"}
SLOTS = ["g1/yes", "g3.projects#2"]
OPTIONS = [str(number) for number in range(1, 7)]

some_answer = st.sampled_from([(address, value) for address, values in ANSWERS.items() for value in [None, *values]])
some_choice = st.sampled_from([None, "no", "yes"])
some_pages = st.sampled_from(["", "๑"])
actions = st.one_of(
    st.tuples(st.just("answer"), some_answer),
    st.tuples(st.just("answer_all"), st.dictionaries(st.sampled_from(["g1", "g3"]), some_choice)),
    st.tuples(
        st.just("set_answer_from_text"), st.sampled_from([(at, text) for at, texts in TYPED.items() for text in texts])
    ),
    st.tuples(st.just("toggle"), st.tuples(st.sampled_from([*OPTIONS, "none"]), st.booleans())),
    st.tuples(st.just("external"), st.sampled_from([None, "0", "5", "7.5"])),
    st.tuples(st.just("add_item"), st.none()),
    st.tuples(st.just("remove_item"), st.sampled_from("123")),
    st.tuples(st.just("move_item"), st.tuples(st.sampled_from("123"), st.integers(0, 3))),
    st.tuples(st.just("attach"), st.tuples(st.sampled_from(SLOTS), st.sampled_from([*FILES]))),
    st.tuples(st.just("detach"), st.tuples(st.sampled_from(SLOTS), st.sampled_from([*FILES]))),
    st.tuples(st.just("mark"), st.tuples(st.sampled_from(SLOTS), st.sampled_from([*FILES]), some_pages)),
    st.tuples(st.just("undo"), st.none()),
    st.tuples(st.just("undo"), st.none()),
    st.tuples(st.just("redo"), st.none()),
    st.tuples(st.just("reopen"), st.none()),
)

Content = tuple[dict[str, Any], dict[str, list[tuple[str, str]]]]


@dataclass
class Model:
    """Answers in their JSON form, evidence as (name, pages) by place, and two stacks."""

    answers: dict[str, Any] = field(default_factory=dict)
    evidence: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    past: list[Content] = field(default_factory=list)
    future: list[Content] = field(default_factory=list)

    @property
    def content(self) -> Content:
        return dict(self.answers), {slot: list(files) for slot, files in self.evidence.items()}

    def put(self, answers: dict[str, Any], evidence: dict[str, list[tuple[str, str]]] | None = None) -> None:
        before = self.content
        for address, value in answers.items():
            if value in (None, []):
                self.answers.pop(address, None)
            else:
                self.answers[address] = value
        for slot, files in (evidence or {}).items():
            if files:
                self.evidence[slot] = files
            else:
                self.evidence.pop(slot, None)
        if self.content != before:
            self.past.append(before)
            self.future.clear()

    def step(self, source: list[Content], target: list[Content]) -> None:
        if source:
            target.append(self.content)
            self.answers, self.evidence = source.pop()

    def names(self, slot: str) -> list[str]:
        return [name for name, _ in self.evidence.get(slot, [])]


def act(draft: Draft, model: Model, folder: Path, name: str, what: Any) -> Changes | None:
    """Do it on both; None where the session is to refuse."""
    session, repeat = draft.session, "g3.projects"
    items = model.answers.get(repeat, ["1"])
    match name:
        case "answer":
            model.put({what[0]: what[1]})
            return session.answer(*what)
        case "answer_all":
            model.put(what)
            return session.answer_all(what)
        case "set_answer_from_text":
            address, text = what
            model.put({address: READ.get(text, {"unread": text.strip()})})
            return session.set_answer_from_text(address, text)
        case "toggle":
            option, on = what
            now = set(model.answers.get("p5.3", []))
            if not on:
                now.discard(option)
            else:
                now = {option} if option == "none" else (now | {option}) - {"none"}
            model.put({"p5.3": sorted(now)})
            return session.toggle("p5.3", option, on)
        case "external":
            model.put({"external:4.2": what})
            return session.set_external("4.2", None if what is None else Decimal(what))
        case "add_item":
            if len(items) == 5:
                return None
            model.put({repeat: [*items, next(key for key in "12345" if key not in items)]})
            return session.add_item(repeat)
        case "remove_item":
            if what not in items:
                return None
            model.put(
                {repeat: [key for key in items if key != what], f"g3.projects.name#{what}": None},
                {f"g3.projects#{what}": []},
            )
            return session.remove_item(repeat, what)
        case "move_item":
            key, to = what
            if key not in items:
                return None
            rest = [one for one in items if one != key]
            rest.insert(to, key)
            model.put({repeat: rest})
            return session.move_item(repeat, key, to)
        case "attach":
            slot, file = what
            if file in model.names(slot):
                return None
            model.put({}, {slot: [*model.evidence.get(slot, []), (file, "")]})
            return session.attach(slot, folder / file)
        case "detach" | "mark":
            slot, file, *pages = what
            if file not in model.names(slot):
                return None
            digest = next(one.sha256 for one in session.state.facts.evidence[slot] if one.name == file)
            files = model.evidence[slot]
            if name == "mark":
                model.put({}, {slot: [(one, pages[0] if one == file else old) for one, old in files]})
                return session.mark(slot, digest, pages=pages[0], passages="")
            model.put({}, {slot: [(one, old) for one, old in files if one != file]})
            return session.detach(slot, digest)
        case "undo":
            model.step(model.past, model.future)
            return session.undo()
        case _:
            model.step(model.future, model.past)
            return session.redo()


def refused(draft: Draft, folder: Path, name: str, what: Any) -> bool:
    """Whether the session refuses what makes no sense now."""
    session = draft.session
    try:
        match name:
            case "add_item":
                session.add_item("g3.projects")
            case "remove_item":
                session.remove_item("g3.projects", what)
            case "move_item":
                session.move_item("g3.projects", *what)
            case "attach":
                session.attach(what[0], folder / what[1])
            case "detach":
                session.detach(what[0], "0" * 64)
            case "mark":
                session.mark(what[0], "0" * 64, pages="", passages="")
    except UsageError:
        return True
    return False


def content_of(draft: Draft) -> Content:
    """What the session says is answered and attached, in the form of the model."""
    facts = draft.session.state.facts
    answers = {address: encode(value) for address, value in facts.answers.items()}
    answers |= {f"external:{indicator}": str(points) for indicator, points in facts.external.items()}
    return answers, {slot: [(one.name, one.pages) for one in files] for slot, files in facts.evidence.items()}


@settings(max_examples=30)
@given(st.lists(actions, min_size=1, max_size=20))
def test_any_work_is_what_a_dictionary_with_two_stacks_holds(work):
    with tempfile.TemporaryDirectory() as name:
        folder, model = Path(name), Model()
        for file, content in FILES.items():
            (folder / file).write_bytes(content)
        draft = new_draft(folder / "a.dgdesk", clock=lambda: NOW, who="-")
        try:
            for action, what in work:
                if action == "reopen":
                    before = draft.session.state
                    draft.close()
                    draft = open_draft(folder / "a.dgdesk", clock=lambda: NOW, who="-")
                    assert draft.session.state == before
                    continue
                before = content_of(draft)
                changes = act(draft, model, folder, action, what)
                after = content_of(draft)
                assert after == model.content
                assert (draft.session.can_undo, draft.session.can_redo) == (bool(model.past), bool(model.future))
                if changes is None:
                    assert refused(draft, folder, action, what)
                    assert content_of(draft) == before
                else:
                    # Names exactly what changed.
                    assert bool(changes) == (after != before)
                    assert changes.answers == differing(before[0], after[0])
                    assert changes.evidence == differing(before[1], after[1])
            # Evaluated bit by bit or all at once: the same.
            session = draft.session
            assert session.state == session.rules.evaluate(session.state.facts, session.state.today)
        finally:
            draft.close()


def differing(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
