"""The machine with wine: how programs are called in it, without one."""

from __future__ import annotations

from pathlib import Path

from windows.machine import Machine, windows_path


def test_windows_sees_this_pc_as_a_drive() -> None:
    assert windows_path(Path("/home/สมชาย/a b.dgdesk")) == r"Z:\home\สมชาย\a b.dgdesk"


def test_a_program_sees_the_project_by_the_same_path_and_no_variable_of_this_pc(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("DGDESK_HOME", "/somewhere")
    machine = Machine(tmp_path, Path("/project"))
    command = machine.command(["wine", "x"], Path("/project/build"))
    assert command[command.index("--") :][-3:] == ["/project/build", "wine", "x"]
    assert command.count("/project") == 2
    assert "DGDESK_HOME" not in machine.environment({})


def test_the_person_of_a_trial_has_a_thai_name(tmp_path: Path) -> None:
    command = Machine(tmp_path, Path("/project"), "สมชาย ใจดี").command(["id"])
    assert command[command.index("/etc/passwd") - 1] == str(tmp_path / "passwd")
    assert (tmp_path / "passwd").read_text(encoding="utf-8").startswith("สมชาย ใจดี:x:0:0:")
