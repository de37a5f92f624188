"""One writer at a time, any number of readers, and a killed writer in nobody's way."""

from __future__ import annotations

import json
import os
import platform
import sys
import threading

import pytest

from dgdesk.draft.file.model import Edit
from dgdesk.errors import FileError
from rows import attached

HOLD = """
with create_draft_file(path, definition=b"{}", meta={}, clock=clock, who="สมหญิง") as package:
    package.apply([Edit("answer", "q", None, "ใช่")], "answer")
    say("open")
    sys.stdin.readline()
    package.apply([Edit("answer", "q", "ใช่", "ไม่ใช่")], "answer")
    say("changed")
    sys.stdin.readline()
"""


def test_a_second_writer_is_told_who_holds_the_file_and_may_read_meanwhile(desk, child, refused):
    other = child(HOLD, desk.path)
    assert other.stdout.readline() == "open\n"
    with refused("package.held") as caught:
        desk.open()
    assert caught.value.values["user"] == "สมหญิง"
    assert caught.value.values["host"] == platform.node()
    assert caught.value.values["pid"] == other.pid
    assert caught.value.values["since"].startswith("2026-11-20T00:00")

    reader = desk.open(read_only=True)
    assert reader.answers() == {"q": "ใช่"}
    other.stdin.write("\n")
    other.stdin.flush()
    assert other.stdout.readline() == "changed\n"
    assert reader.answers() == {"q": "ไม่ใช่"}, "a reader sees what is committed now"
    reader.close()

    other.communicate("\n")
    assert desk.open().answers() == {"q": "ไม่ใช่"}


def test_a_second_window_of_the_same_process_is_refused_too(desk, refused):
    desk.create()
    with refused("package.held") as caught:
        desk.open()
    assert caught.value.values["pid"] == os.getpid()


def test_closing_a_reader_does_not_take_the_writers_lock(desk, refused):
    writer = desk.create()
    desk.open(read_only=True).close()
    with refused("package.held"):
        desk.open()
    writer.apply([Edit("answer", "q", None, 1)], "answer")


def test_a_killed_writer_leaves_the_file_free(desk, child):
    other = child(HOLD, desk.path)
    assert other.stdout.readline() == "open\n"
    other.kill()
    other.wait()
    lock = desk.path.with_name("survey.dgdesk.lock")
    assert lock.exists(), "nobody was there to remove it"
    with desk.open() as package:
        assert json.loads(lock.read_text(encoding="utf-8"))["user"] == "สมชาย"
        assert package.answers() == {"q": "ใช่"}
    assert not lock.exists()


def test_two_names_of_one_file_have_one_lock(desk, refused, tmp_path):
    desk.create()
    link = tmp_path / "shortcut.dgdesk"
    try:
        link.symlink_to(desk.path)
    except OSError:
        pytest.skip("this system lets only administrators make links")
    with refused("package.held"):
        desk.open(link)


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe", b"[]", b"[" * 100_000, b'{"user": 1}', b"x" * 10_000_000],
    ids=["empty", "no text", "list", "deep", "half", "huge"],
)
def test_a_lock_file_that_says_nothing_sensible_is_shown_as_unknown(desk, refused, content):
    desk.create()
    desk.path.with_name("survey.dgdesk.lock").write_bytes(content)
    with refused("package.held") as caught:
        desk.open()
    assert (caught.value.values["user"], caught.value.values["pid"]) == ("?", 0)


def test_a_lock_file_cannot_smuggle_control_characters_or_long_texts_to_the_screen(desk, refused):
    desk.create()
    holder = {"user": "a\x1b[31m\u202eb\n" + "ก" * 1000, "host": "h", "pid": 5, "since": "s"}
    desk.path.with_name("survey.dgdesk.lock").write_text(json.dumps(holder, ensure_ascii=False), encoding="utf-8")
    with refused("package.held") as caught:
        desk.open()
    assert caught.value.values["user"] == ("a[31mb" + "ก" * 1000)[:120]


def test_a_link_in_the_lock_files_place_is_not_followed(desk, tmp_path):
    desk.create().close()
    victim = tmp_path / "letter.txt"
    victim.write_text("จดหมาย", encoding="utf-8")
    try:
        desk.path.with_name("survey.dgdesk.lock").symlink_to(victim)
    except OSError:
        pytest.skip("this system lets only administrators make links")
    if sys.platform != "win32":
        with pytest.raises(FileError):
            desk.open()
    assert victim.read_text(encoding="utf-8") == "จดหมาย"
    assert desk.open(read_only=True).answers() == {}


def test_a_place_that_cannot_lock_is_told(desk, refused, monkeypatch):
    import errno

    from dgdesk.draft.file import lock

    def unsupported(handle: int, byte: int) -> None:
        raise OSError(errno.EOPNOTSUPP, "Operation not supported")

    monkeypatch.setattr(lock, "hold", unsupported)
    with refused("package.no_locks"):
        desk.create()


def test_a_refusal_without_a_reason_is_held_if_somebody_is_named_and_else_a_place_without_locks(
    desk, refused, monkeypatch
):
    from dgdesk.draft.file import lock

    def silent(handle: int, byte: int) -> None:
        raise OSError  # as a C library that sets no errno

    desk.create()
    monkeypatch.setattr(lock, "hold", silent)
    with refused("package.held") as caught:
        desk.open()
    assert caught.value.values["pid"] == os.getpid()
    desk.path.with_name("survey.dgdesk.lock").write_bytes(b"")
    with refused("package.no_locks"):
        desk.open()


def test_a_server_that_never_says_twice_which_file_it_is_makes_nobody_wait(desk, refused, monkeypatch):
    desk.create().close()
    tries = []

    def other(one: os.stat_result, two: os.stat_result) -> bool:
        tries.append((one, two))
        return False

    monkeypatch.setattr(os.path, "samestat", other)
    before = len(os.listdir("/proc/self/fd")) if sys.platform == "linux" else 0
    with refused("package.no_locks"):
        desk.open()
    assert 1 < len(tries) <= 100
    assert sys.platform != "linux" or len(os.listdir("/proc/self/fd")) == before, "no handle is left"


def test_every_write_through_a_reader_is_refused(desk, refused, tmp_path):
    with desk.create() as writer:
        writer.apply([Edit("answer", "q", None, 1)], "answer")
    content = desk.path.read_bytes()
    reader = desk.open(read_only=True)
    source = tmp_path / "a.pdf"
    source.write_bytes(b"a")
    assert reader.read_only and not reader.can_undo and not reader.can_redo
    for write in (
        lambda: reader.apply([Edit("answer", "q", 1, 2)], "answer"),
        reader.undo,
        reader.redo,
        lambda: reader.add_file(source),
        lambda: reader.attach_file(source, lambda stored: attached("s", stored.sha256), "attach"),
        reader.compact,
        lambda: reader.register_export({}),
    ):
        with refused("package.read_only"):
            write()
    reader.backup(tmp_path / "copy.dgdesk")
    assert desk.path.read_bytes() == content
    assert desk.open(tmp_path / "copy.dgdesk").answers() == {"q": 1}


def test_a_closed_package_says_so_and_closing_twice_is_harmless(desk, refused):
    package = desk.create()
    package.close()
    package.close()
    for use in (package.answers, package.undo, lambda: package.meta, package.compact):
        with refused("package.closed"):
            use()


def test_two_threads_share_one_package(desk):
    package = desk.create()
    errors: list[BaseException] = []

    def work(name: str) -> None:
        try:
            for number in range(25):
                package.apply([Edit("answer", name, number - 1 if number else None, number)], "answer")
                assert package.answers()[name] == number
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(name,)) for name in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert package.answers() == {"a": 24, "b": 24}
    assert [record.number for record in package.history(limit=99)] == list(range(50, 0, -1))
    assert package.check() == ()
