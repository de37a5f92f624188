"""Windows' mark of what came from elsewhere goes with what is taken out of a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from dgdesk.system.zone import mark_to_pass_on, no_stamp, read_stream, read_zone, stamp_like, write_stream

BROWSER = b"[ZoneTransfer]\r\nZoneId=3\r\nReferrerUrl=https://mail.example/\r\nHostUrl=https://mail.example/x.zip\r\n"


@pytest.mark.parametrize(
    ("content", "zone"),
    [
        (BROWSER, 3),
        (b"[ZoneTransfer]\nZoneId = 4", 4),
        (b"zoneid=2", 2),
        (b"ZoneId=99", 4),
        (b"", None),
        (b"ZoneId=x", None),
        ("ZoneId=๓".encode(), None),
        (b"\xff\xfe\0", None),
        (None, None),
    ],
)
def test_the_zone_alone_is_passed_on(content: bytes | None, zone: int | None) -> None:
    made = mark_to_pass_on(content)
    wanted = None if zone is None or zone < 3 else f"[ZoneTransfer]\r\nZoneId={zone}\r\n".encode()
    assert made == wanted and (made is None or read_zone(made) == zone)


def test_what_comes_out_of_a_marked_file_is_marked(tmp_path: Path) -> None:
    written: list[tuple[Path, bytes]] = []
    source, out = tmp_path / "x.zip", tmp_path / "a.doc"
    marks = {source: BROWSER}
    stamp = stamp_like(source, "win32", marks.get, lambda path, content: written.append((path, content)))
    stamp(out)
    assert written == [(out, b"[ZoneTransfer]\r\nZoneId=3\r\n")]
    stamp_like(out, "win32", marks.get, lambda path, content: written.append((path, content)))(source)
    stamp_like(source, "linux", marks.get, lambda path, content: written.append((path, content)))(out)
    no_stamp(out)
    assert len(written) == 1


def test_a_disk_without_streams_stops_nothing(tmp_path: Path) -> None:
    def refuses(path: Path, content: bytes) -> None:
        raise OSError("no streams here")

    stamp_like(tmp_path / "x.zip", "win32", lambda path: BROWSER, refuses)(tmp_path / "a.doc")


def test_a_mark_is_read_as_it_was_written_and_with_bounds(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(b"")
    assert read_stream(path) is None and read_stream(tmp_path / "no\0name") is None
    write_stream(path, BROWSER * 1000)
    content = read_stream(path)
    assert content is not None and len(content) == 4096 and read_zone(content) == 3
