"""Faults, rounds: work at the form that is killed in the middle, and what must hold afterwards."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any, Protocol

from dgdesk.evidence.limits import AttachmentRequest
from draft.session.test_model import ANSWERS, FILES, OPTIONS, SLOTS, TYPED, Model, act
from faults.world import SIZES, World, content_of, sound

Tell = Callable[[object], None]
Op = tuple[str, Any]


@dataclass
class Round:
    """One round: its folder, and what it is drawn from; the same name gives the same work."""

    world: World
    folder: Path
    name: str

    @property
    def path(self) -> Path:
        """The draft."""
        return self.folder / "น่าน.dgdesk"

    def chance(self, what: str) -> Random:
        """Chance for one purpose."""
        return Random(f"{self.name}/{what}")

    def start(self, base: str) -> None:
        """Put a draft in its place."""
        shutil.copyfile(self.world.base(base), self.path)

    def names(self) -> set[str]:
        """What lies in the folder."""
        return {path.name for path in self.folder.iterdir()}


class Scenario(Protocol):
    """Work in a process that is killed (`work`), and what its survivor finds (`judge`).

    `work` tells what is durable, with numbers from 0 that grow; `judge` is handed how many it told, whether it came to
    its end, and says in a word what it found. It runs only after `prepare`, in another process than `work`.
    """

    def prepare(self, at: Round) -> None: ...
    def work(self, at: Round, tell: Tell) -> None: ...
    def judge(self, at: Round, told: int) -> str: ...


# ---- editing and attaching -------------------------------------------------------------------------------------------


class _Silent:
    """A session that only has what the model's `act` looks at."""

    def __init__(self) -> None:
        files = [SimpleNamespace(name=name, sha256="") for name in (*FILES, *SIZES)]
        facts = SimpleNamespace(evidence=defaultdict(lambda: files))
        self.state = SimpleNamespace(facts=facts)

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_, **__: None


def do(draft: Any, model: Model, sources: Path, op: Op) -> None:
    """Do it on the draft and on the model."""
    name, what = op
    if name == "attach_files":
        slot, files = what
        new = [file for file in dict.fromkeys(files) if file not in model.names(slot)]
        model.put({}, {slot: [*model.evidence.get(slot, []), *((file, "") for file in new)]} if new else None)
        draft.session.attach_files(slot, [AttachmentRequest(sources / file) for file in files])
    else:
        act(draft, model, sources, name, what)


def draw_op(chance: Random, weights: Mapping[str, int]) -> Op:
    """Some action of a person."""
    name = chance.choices(list(weights), list(weights.values()))[0]
    slot, file = chance.choice(SLOTS), chance.choice([*FILES])
    match name:
        case "answer":
            address = chance.choice([*ANSWERS])
            return name, (address, chance.choice([None, *ANSWERS[address]]))
        case "answer_all":
            return name, {address: chance.choice([None, "no", "yes"]) for address in ("g1", "g3")}
        case "type_in":
            address = chance.choice([*TYPED])
            return name, (address, chance.choice(TYPED[address]))
        case "toggle":
            return name, (chance.choice([*OPTIONS, "none"]), chance.random() < 0.7)
        case "remove_item":
            return name, chance.choice("123")
        case "move_item":
            return name, (chance.choice("123"), chance.randrange(4))
        case "attach":
            return name, (slot, chance.choice([file, *SIZES]))
        case "attach_files":
            return name, (slot, chance.choices([*FILES, *SIZES], k=chance.randrange(1, 5)))
        case "detach":
            return name, (slot, chance.choice([file, *SIZES]))
        case "mark":
            return name, (slot, file, chance.choice(["", "๑"]))
    return name, None


EDITING = {
    "answer": 8, "answer_all": 2, "type_in": 4, "toggle": 3, "add_item": 2, "remove_item": 2, "move_item": 1,
    "attach": 1, "undo": 5, "redo": 3,
}  # fmt: skip
ATTACHING = {"attach": 5, "attach_files": 4, "detach": 3, "mark": 2, "answer": 1, "undo": 3, "redo": 2}


class Editing:
    """A person at work: each action is there, whole, once it was told; the one under way is there or not."""

    def __init__(self, weights: Mapping[str, int], most: int) -> None:
        self._weights = weights
        self._most = most

    def _ops(self, at: Round) -> list[Op]:
        chance = at.chance("ops")
        return [draw_op(chance, self._weights) for _ in range(chance.randrange(2, self._most))]

    def prepare(self, at: Round) -> None:
        at.start("empty")

    def work(self, at: Round, tell: Tell) -> None:
        with at.world.open(at.path) as draft:
            model = Model()
            for number, op in enumerate(self._ops(at)):
                do(draft, model, at.world.sources, op)
                tell(number)

    def judge(self, at: Round, told: int) -> str:
        ops = self._ops(at)
        silent: Any = SimpleNamespace(session=_Silent())
        model = Model()
        for op in ops[:told]:
            do(silent, model, at.world.sources, op)
        before = (model.content, bool(model.past), bool(model.future))
        chance = at.chance("judge")
        if chance.random() < 0.25:
            names = at.names()
            with at.world.open(at.path, read_only=True) as draft:
                read = content_of(draft)
                sound(draft.package)
            assert at.names() == names, "a reader changed the folder"
        else:
            read = None
        with at.world.open(at.path) as draft:
            found = (content_of(draft), draft.session.can_undo, draft.session.can_redo)
            sound(draft.package)
            assert read is None or read == found[0], (read, found)
            word = "before"
            if found != before and told < len(ops):
                do(silent, model, at.world.sources, ops[told])
                word = "after"
            assert found == (model.content, bool(model.past), bool(model.future)), (
                f"after {told} told: {found}, not {model.content}"
            )
            if chance.random() < 0.3:
                while model.past:
                    model.step(model.past, model.future)
                    draft.session.undo()
                    assert content_of(draft) == model.content
                assert not draft.session.can_undo
            draft.session.answer("g2", "yes")
            sound(draft.package)
        assert at.names() == {at.path.name}, at.names()
        return word
