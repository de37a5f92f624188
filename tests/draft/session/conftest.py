"""What the session's stories share: a draft on disk that can be closed and opened again, and errors put into words."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from dgdesk.bundle.signing.identity import Identity, create_identity
from dgdesk.demo.run import answers_of, read_province
from dgdesk.draft.drafts import Draft, new_draft, open_draft
from dgdesk.draft.session import FormSession
from dgdesk.errors import DgdeskError
from dgdesk.evidence.documents import Documents
from dgdesk.resources import resource
from dgdesk.survey.rules.problems import asks_for_evidence
from dgdesk.text.messages import load_catalogue
from evidence.inline import Inline

CATALOGUE = cache(load_catalogue)
Refused = Callable[..., object]


class Desk:
    """A person who works on one draft, closes it, and opens it again."""

    def __init__(self, folder: Path, clock: Callable[[], datetime], empty: Path) -> None:
        self.folder = folder
        self.clock = clock
        self.path = folder / "น่าน.dgdesk"
        shutil.copyfile(empty, self.path)
        self._draft: Draft | None = None

    @property
    def draft(self) -> Draft:
        if self._draft is None:
            self._draft = open_draft(self.path, clock=self.clock, who="สมชาย", documents=Documents(Inline()))
        return self._draft

    @property
    def session(self) -> FormSession:
        return self.draft.session

    def close(self) -> None:
        if self._draft is not None:
            self._draft.close()
            self._draft = None

    def reopen(self) -> FormSession:
        self.close()
        return self.session

    def file(self, name: str = "คำสั่งแต่งตั้ง.pdf", content: bytes = b"%PDF-1.7 one") -> Path:
        path = self.folder / name
        path.write_bytes(content)
        return path


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new draft's file; copied, since reading the data files takes longer than most stories."""
    path = tmp_path_factory.mktemp("empty") / "empty.dgdesk"
    new_draft(path, clock=lambda: datetime(2026, 11, 20, tzinfo=UTC), who="สมชาย").close()
    return path


@pytest.fixture(scope="session")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A draft that is ready to hand in: the demo's answers, and one of three files wherever evidence is asked for."""
    folder = tmp_path_factory.mktemp("ready")
    now = datetime(2026, 11, 20, tzinfo=UTC)
    sources = [folder / f"หลักฐาน {number}.txt" for number in range(3)]
    for source in sources:
        source.write_text(source.name, encoding="utf-8")
    with new_draft(folder / "ready.dgdesk", clock=lambda: now, who="สมชาย") as draft:
        session = draft.session
        session.answer_all(answers_of(session.form, read_province(resource("demo/demo.yaml"))))
        form, answers, shown = session.form, session.state.facts.answers, session.state.shown
        wanted = [slot for slot in form.slots.values() if asks_for_evidence(form, answers, shown, slot)]
        for at, slot in enumerate(wanted):
            session.attach(slot.id, sources[at % 3], pages="1")
        assert session.state.ready
    return folder / "ready.dgdesk"


@pytest.fixture(scope="session")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    start = datetime(2026, 11, 19, tzinfo=UTC)
    folder = tmp_path_factory.mktemp("signer")
    return create_identity(folder, person="สมชาย ใจดี", province="เชียงใหม่", passphrase=None, now=start)


@pytest.fixture
def desk(tmp_path: Path, clock: Callable[[], datetime], empty: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path, clock, empty)
    yield desk
    desk.close()


@pytest.fixture
def refused() -> Refused:
    """``with refused("field.unknown"):`` expects the error of that code, which both languages can word."""

    @contextmanager
    def expect(code: str) -> Iterator[pytest.ExceptionInfo[DgdeskError]]:
        with pytest.raises(DgdeskError) as caught:
            yield caught
        assert caught.value.code == code, caught.value
        for language in ("th", "en"):
            assert CATALOGUE(language).error(caught.value)

    return expect
