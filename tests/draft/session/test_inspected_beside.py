"""One PDF or picture is inspected while it is copied: what is found inside counts as if that had been done before."""

from __future__ import annotations

import io
import threading
from dataclasses import replace

import pytest

from dgdesk.draft.session import FormSession
from dgdesk.errors import FileError
from dgdesk.evidence.inspection.issue import FileIssue
from dgdesk.evidence.limits import AttachmentRequest
from dgdesk.survey.answers.marks import Mark, Rect
from dgdesk.survey.definition.models import EvidenceLimits
from dgdesk.system.progress import Cancelled, Progress

LONG = 30


def pdf(pages: int = 2, padding: int = 0) -> bytes:
    import pikepdf

    made = io.BytesIO()
    with pikepdf.new() as document:
        for _ in range(pages):
            document.add_blank_page()
        document.Root.Padding = document.make_stream(bytes(range(256)) * (padding // 256))
        document.save(made, compress_streams=False)
    return made.getvalue()


@pytest.fixture
def place(desk):
    desk.session.answer("g1", "yes")
    return "g1/yes"


def threads() -> list[str]:
    return [one.name for one in threading.enumerate() if one.name.startswith("inspection")]


def test_a_large_pdf_is_inspected_while_it_is_copied(desk, place, monkeypatch):
    copied, asked = threading.Event(), threading.Event()
    inspect = desk.session.documents.inspect

    def late(*arguments, **options):
        asked.set()
        assert copied.wait(LONG), "it would wait for ever if it came first"
        return inspect(*arguments, **options)

    monkeypatch.setattr(desk.session.documents, "inspect", late)
    source = desk.file("a.pdf", pdf(3, 3 << 20))
    progress = Progress(lambda done, total: copied.set() if done == total else None)
    _, (done,) = desk.session.attach_files(place, [AttachmentRequest(source)], progress=progress)
    assert asked.is_set() and done.status == "attached"
    assert done.attachment.inspected is not None and done.attachment.inspected.pages == 3
    assert threads() == []


@pytest.mark.parametrize("name", ["cut.pdf", "cut.jpg", "cut.png", "wrong.txt"])
def test_what_is_doubtful_inside_is_kept_with_the_file(desk, place, name):
    from PIL import Image

    if name.endswith(("pdf", "txt")):
        content = pdf(2, 1 << 20)[: -(1 << 12)]
    else:
        made = io.BytesIO()
        Image.effect_noise((300, 300), 90).save(made, "PNG" if name.endswith("png") else "JPEG")
        content = made.getvalue()[:-2000]
    source = desk.file(name, content)
    before = desk.session.look(source)
    assert "incoming.damaged" in [one.code for one in before.asks]
    _, (done,) = desk.session.attach_files(place, [AttachmentRequest(source)])
    assert done.status == "attached" and done.request.inspection == before
    stored = desk.session.state.facts.evidence[place][0].inspected
    assert stored is not None and "incoming.damaged" in stored.found


def test_a_file_that_is_refused_by_its_name_or_size_is_not_copied(desk, place, monkeypatch):
    monkeypatch.setattr(desk.draft.package, "attach_files", lambda *_, **__: pytest.fail("copied"))
    _, (done,) = desk.session.attach_files(place, [AttachmentRequest(desk.file("a.exe", pdf()))])
    assert [one.code for one in done.errors] == ["incoming.script"]
    form = desk.session.form
    limits = EvidenceLimits(file=100, total=150)
    small = replace(form, definition=form.definition.model_copy(update={"evidence_limits": limits}))
    monkeypatch.setattr(FormSession, "form", property(lambda self: small))
    _, (done,) = desk.session.attach_files(place, [AttachmentRequest(desk.file("a.pdf", pdf()))])
    assert [one.code for one in done.errors] == ["incoming.too_large"]


def test_marks_on_a_page_that_is_not_there_are_refused_before_it_is_copied(desk, place, monkeypatch):
    monkeypatch.setattr(desk.draft.package, "attach_files", lambda *_, **__: pytest.fail("copied"))
    mark = Mark(9, (Rect(0.1, 0.1, 0.2, 0.2),), "")
    _, (done,) = desk.session.attach_files(place, [AttachmentRequest(desk.file("a.pdf", pdf()), marks=(mark,))])
    assert [one.code for one in done.errors] == ["marks.no_page"]


def test_an_inspection_that_fails_or_refuses_stores_nothing(desk, place, monkeypatch):
    source, inspect = desk.file("a.pdf", pdf(2, 3 << 20)), desk.session.documents.inspect
    size = desk.path.stat().st_size

    def unreadable(path, *_, **__):
        raise FileError("evidence.unreadable", name=path.name)

    def refused(*arguments, **options):
        issue = FileIssue("incoming.program", "refuse", {"name": "a.pdf"})
        return replace(inspect(*arguments, **options), findings=(issue,))

    for inspection, code in ((unreadable, "evidence.unreadable"), (refused, "incoming.program")):
        monkeypatch.setattr(desk.session.documents, "inspect", inspection)
        changes, (done,) = desk.session.attach_files(place, [AttachmentRequest(source)])
        assert not changes and [one.code for one in done.errors] == [code]
    assert desk.draft.package.files() == () and desk.path.stat().st_size == size
    monkeypatch.undo()
    _, (done,) = desk.session.attach_files(place, [AttachmentRequest(source)])
    assert done.status == "attached" and threads() == []


def test_a_file_that_becomes_another_while_it_is_copied_is_inspected_as_it_was_copied(desk, place, monkeypatch):
    source, inspect = desk.file("a.pdf", pdf(2, 3 << 20)), desk.session.documents.inspect
    seen = []

    def then_replaced(path, *arguments, **options):
        found = inspect(path, *arguments, **options)
        if not seen:
            source.write_bytes(b"MZ\x90\0" + bytes(3 << 20))
        seen.append(found.media_type)
        return found

    monkeypatch.setattr(desk.session.documents, "inspect", then_replaced)
    _, (done,) = desk.session.attach_files(place, [AttachmentRequest(source)])
    stored = desk.draft.package.files()
    if done.status == "attached":  # it was copied before it was replaced
        assert done.attachment.media_type == "application/pdf" and stored[0].size < 4 << 20
    else:
        assert done.errors[0].code in ("incoming.program", "package.source_changing") and stored == ()


def test_a_cancel_while_it_is_inspected_leaves_nothing(desk, place):
    source, size = desk.file("a.pdf", pdf(2, 5 << 20)), desk.path.stat().st_size
    seen = []
    progress = Progress(lambda *now: seen.append(now), lambda: len(seen) > 1)
    with pytest.raises(Cancelled):
        desk.session.attach_files(place, [AttachmentRequest(source)], progress=progress)
    assert desk.draft.package.files() == () and desk.path.stat().st_size == size and threads() == []
