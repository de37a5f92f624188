"""Several files come to a place in one step; a bad one does not lose the others; each is told of."""

from __future__ import annotations

import os
import time
from dataclasses import replace

import pytest

from dgdesk.draft.session import FormSession
from dgdesk.evidence.limits import AttachmentRequest
from dgdesk.survey.definition.models import EvidenceLimits
from dgdesk.system.progress import Progress


def requests(*sources):
    return [AttachmentRequest(source) for source in sources]


def inspected(session, source):
    return AttachmentRequest(source, session.look(source))


def outcomes(results):
    """The name of each file that was attached, and why the others were not."""
    return [one.attachment.name if one.attachment else one.errors[0].code for one in results]


def test_several_files_are_one_step_and_a_bad_one_is_left_out(desk):
    desk.session.answer_all({"general.province": "TH-55", "g1": "yes"})
    good, other = desk.file("a.txt", b"one"), desk.file("b.txt", b"two")
    empty, gone = desk.file("empty.txt", b""), desk.path.parent / "gone.txt"
    changes, done = desk.session.attach_files("g1/yes", requests(good, empty, gone, other, good))
    assert outcomes(done) == [
        "a.txt",
        "evidence.empty",
        "evidence.unreadable",
        "b.txt",
        "evidence.already_there",
    ]
    assert [one.name for one in desk.session.state.facts.evidence["g1/yes"]] == ["a.txt", "b.txt"]
    assert changes.evidence == {"g1/yes"}
    desk.session.undo()
    assert "g1/yes" not in desk.session.state.facts.evidence


def test_nothing_but_bad_files_changes_nothing(desk):
    desk.session.answer("g1", "yes")
    changes, done = desk.session.attach_files("g1/yes", requests(desk.file("empty.txt", b"")))
    assert not changes and outcomes(done) == ["evidence.empty"]


def test_the_total_is_kept_over_all_files_of_one_step(desk, monkeypatch):
    desk.session.answer("g1", "yes")
    form = desk.session.form
    limits = EvidenceLimits(file=100, total=150)
    small = replace(form, definition=form.definition.model_copy(update={"evidence_limits": limits}))
    monkeypatch.setattr(FormSession, "form", property(lambda self: small))
    files = [desk.file("a.txt", b"a" * 90), desk.file("b.txt", b"b" * 80), desk.file("c.txt", b"c" * 50)]
    _, done = desk.session.attach_files("g1/yes", requests(*files))
    assert outcomes(done) == [
        "a.txt",
        "incoming.total_too_large",
        "c.txt",
    ]


def test_an_inspected_file_is_not_inspected_again(desk, monkeypatch):
    request = inspected(desk.session, desk.file("a.txt", b"one"))
    monkeypatch.setattr(desk.session.documents, "inspect", lambda *_, **__: pytest.fail("inspected twice"))
    _, done = desk.session.attach_files("g1/yes", [request])
    assert outcomes(done) == ["a.txt"] and done[0].attachment.media_type == "text/plain"


def test_a_file_that_changed_since_its_inspection_is_inspected_again(desk):
    asked = [inspected(desk.session, desk.file(f"{name}.txt", name.encode())) for name in "abcd"]
    asked[0].source.write_bytes(b"MZ\x90\0" + bytes(60))
    asked[1].source.write_bytes(b"%PDF-1.7 another")
    asked[2].source.unlink()
    _, done = desk.session.attach_files("g1/yes", asked)
    assert outcomes(done) == ["incoming.program", "b.txt", "evidence.unreadable", "d.txt"]
    assert done[1].attachment.media_type == "application/pdf" and done[1].attachment.size == 16
    assert len(desk.draft.package.files()) == 2


@pytest.mark.skipif(os.name != "posix", reason="Windows lets a program set every time of a file")
def test_a_changed_file_of_the_same_size_and_time_is_inspected_again(desk):
    request = inspected(desk.session, desk.file("a.txt", b"#1 one"))
    before = request.source.stat()
    time.sleep(0.02)  # longer than a tick of the file system's clock
    request.source.write_bytes(b"#!/bin")
    os.utime(request.source, ns=(before.st_atime_ns, before.st_mtime_ns))
    _, done = desk.session.attach_files("g1/yes", [request])
    assert outcomes(done) == ["incoming.script"]


def test_a_file_that_becomes_a_program_while_it_is_copied_is_left_out(desk):
    request, other = (inspected(desk.session, desk.file(f"{name}.txt", name.encode() * 2048)) for name in "ab")
    program = b"MZ\x90\0" + bytes(60)

    def replaced(done, total):
        if request.source.read_bytes() != program:
            request.source.write_bytes(program)

    _, done = desk.session.attach_files("g1/yes", [request, other], progress=Progress(replaced))
    assert outcomes(done) == ["incoming.program", "b.txt"]


def test_a_verdict_on_another_state_of_the_file_does_not_let_the_copied_one_in(desk, monkeypatch):
    request = inspected(desk.session, desk.file("a.txt", b"one"))
    inspect = desk.session.documents.inspect

    def becomes_a_program(done, total):
        if request.source.read_bytes() == b"one":
            request.source.write_bytes(b"MZ\x90\0" + bytes(60))

    def harmless_again(source, *arguments, **options):
        source.write_bytes(b"harmless again")
        return inspect(source, *arguments, **options)

    monkeypatch.setattr(desk.session.documents, "inspect", harmless_again)
    _, done = desk.session.attach_files("g1/yes", [request], progress=Progress(becomes_a_program))
    assert outcomes(done) == ["package.source_changing"]
    assert desk.draft.package.files() == ()


@pytest.mark.skipif(os.name != "posix", reason="Windows does not remove an open file")
def test_a_file_that_is_gone_once_it_is_copied_stays_attached(desk):
    request = inspected(desk.session, desk.file("a.txt", b"one"))

    def removed(done, total):
        request.source.unlink(missing_ok=True)

    _, done = desk.session.attach_files("g1/yes", [request], progress=Progress(removed))
    assert outcomes(done) == ["a.txt"]


def test_a_session_ahead_shows_what_would_be_and_stores_nothing(desk):
    desk.session.answer("g1", "no")
    ahead = desk.session.optimistic_copy()
    assert ahead.answer("g1", "yes").answers == {"g1"} and ahead.state.facts.answers["g1"] == "yes"
    assert desk.session.state.facts.answers["g1"] == "no" and not ahead.undo()
