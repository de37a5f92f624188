"""The newcomer's two commands: what they decide about the computer, and when they set up again or not at all."""

from __future__ import annotations

import ast
import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import dev
from devtools import system
from devtools.commands import explained
from devtools.environment import Environment
from devtools.messages import Stop


class Checkout:
    """A checkout whose environment is made and filled on paper; `steps` says what was done."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root = root
        self.steps: list[str] = []
        self.fails = False
        for name in ("pyproject.toml", "constraints.txt"):
            (root / name).write_text("first", encoding="utf-8")
        monkeypatch.setattr(Environment, "_version", lambda env: "(3, 11)" if env.folder.exists() else "")
        monkeypatch.setattr(Environment, "_create", self._create)
        monkeypatch.setattr(Environment, "_install", lambda env, extras: self._install(extras))

    def _create(self) -> None:
        (self.root / ".venv").mkdir(exist_ok=True)
        self.steps.append("create")

    def _install(self, extras: set[str]) -> None:
        self.steps.append(f"install {' '.join(sorted(extras))}".strip())
        if self.fails:
            raise Stop("no network")

    def set_up(self, *extras: str) -> list[str]:
        self.steps.clear()
        Environment(self.root).set_up(set(extras))
        return list(self.steps)


@pytest.fixture
def checkout(thai_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    return Checkout(thai_path, monkeypatch)


def test_the_second_start_does_nothing(checkout: Checkout) -> None:
    assert checkout.set_up() == ["create", "install"]
    assert checkout.set_up() == []


def test_testing_after_running_adds_the_tools_and_running_keeps_them(checkout: Checkout) -> None:
    checkout.set_up()
    assert checkout.set_up("dev") == ["install dev"]
    assert checkout.set_up() == []


def test_new_pins_are_installed_in_place_with_what_was_there(checkout: Checkout) -> None:
    checkout.set_up("dev")
    (checkout.root / "constraints.txt").write_text("second", encoding="utf-8")
    assert checkout.set_up() == ["install dev"]


def test_an_interrupted_set_up_starts_over(checkout: Checkout) -> None:
    checkout.fails = True
    with pytest.raises(Stop):
        checkout.set_up("dev")
    checkout.fails = False
    assert checkout.set_up() == ["create", "install"]


@pytest.mark.parametrize("record", ["", "[]", "{}", '{"root": 1}', b"\xff\xfe"])
def test_a_spoilt_record_means_a_new_environment(checkout: Checkout, record: str | bytes) -> None:
    checkout.set_up()
    spoilt = record if isinstance(record, bytes) else record.encode()
    (checkout.root / ".venv" / "dgdesk-setup.json").write_bytes(spoilt)
    assert checkout.set_up() == ["create", "install"]


def test_a_checkout_that_was_moved_gets_a_new_environment(checkout: Checkout) -> None:
    checkout.set_up()
    path = checkout.root / ".venv" / "dgdesk-setup.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "root": "/elsewhere"}), encoding="utf-8")
    assert checkout.set_up() == ["create", "install"]


def test_unsuitable_pythons_are_named() -> None:
    assert dev.python_complaint((3, 11), 64) is None
    assert dev.python_complaint((3, 13), 64) is None
    assert "Python 3.10" in dev.python_complaint((3, 10), 64)
    assert "Python 3.14" in dev.python_complaint((3, 14), 64)
    assert "32-bit" in dev.python_complaint((3, 11), 32)


def test_a_display_is_x_or_wayland_or_a_desktop_system() -> None:
    assert not system.has_display("linux", {"DISPLAY": ""})
    assert system.has_display("linux", {"DISPLAY": ":0"})
    assert system.has_display("linux", {"WAYLAND_DISPLAY": "wayland-0"})
    assert system.has_display("win32", {})


def test_missing_libraries_and_tools_are_told_by_their_package() -> None:
    missing = system.missing_packages({"libnowhere.so.9": "nowhere9"}, {"no-such-tool": "tool", "python3": "python"})
    assert missing == ["nowhere9", "tool"]


def test_wrong_use_ends_with_two(capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main([]) == 2
    assert dev.main(["jump"]) == 2
    assert "build/dev.py run" in capsys.readouterr().out


def test_debians_python_brings_its_library_in_a_package(monkeypatch: pytest.MonkeyPatch) -> None:
    places = {"INSTSONAME": "libpython3.11.so.1.0", "LIBDIR": "/nowhere", "LIBPL": None}
    monkeypatch.setattr(system.sysconfig, "get_config_var", places.get)
    monkeypatch.setattr(system.sys, "platform", "linux")
    assert system.shared_python() == {"libpython3.11.so.1.0": f"libpython3.{sys.version_info[1]}"}
    monkeypatch.setattr(system.sys, "platform", "win32")
    assert system.shared_python() == {}


def test_a_version_2_python_can_read_the_script_and_say_what_is_needed() -> None:
    # A Python of that age is rarely there; what it cannot read would be one of these.
    source = Path(dev.__file__).read_text(encoding="utf-8")
    assert source.isascii()
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    arguments = [one for node in functions for one in [*node.args.args, *node.args.kwonlyargs]]
    assert len(functions) == 2 and not any(node.returns for node in functions)
    assert not any(one.annotation for one in arguments)
    assert not [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.JoinedStr | ast.NamedExpr)]
    assert "from __future__" not in source


def test_a_run_sees_the_declared_tools_and_no_other(thai_path: Path) -> None:
    folder = system.link_tools(thai_path / "tools", {"true": "coreutils", "no-such-tool": "none"})
    assert [path.name for path in folder.iterdir()] == ["true"]
    (folder / "undeclared").symlink_to("/bin/false")
    system.link_tools(folder, {"true": "coreutils", "cat": "coreutils"})
    assert {path.name for path in folder.iterdir()} == {"true", "cat"}
    assert subprocess.run([folder / "true"], check=False).returncode == 0


def test_the_path_of_a_run_holds_the_environment_and_its_tools(
    thai_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/somewhere/else")
    environment = Environment(thai_path)
    assert environment.variables({}, thai_path / "tools")["PATH"].split(os.pathsep) == [
        str(environment.programs),
        str(thai_path / "tools"),
    ]
    assert environment.variables({})["PATH"].endswith("/somewhere/else")


@pytest.mark.parametrize(
    ("given", "language"), [("", "C.UTF-8"), ("C", "C.UTF-8"), ("POSIX", "C.UTF-8"), ("th_TH.UTF-8", "th_TH.UTF-8")]
)
def test_a_run_keeps_the_language_of_the_person(
    thai_path: Path, monkeypatch: pytest.MonkeyPatch, given: str, language: str
) -> None:
    monkeypatch.setenv("LANG", given)
    monkeypatch.setenv("LC_ALL", "C")
    variables = Environment(thai_path).variables({})
    assert variables["LANG"] == language and "LC_ALL" not in variables


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "disk is full"), (errno.EROFS, "folder of your own"), (errno.EACCES, "folder of your own")],
)
def test_a_full_disk_and_a_read_only_checkout_are_one_sentence(thai_path: Path, number: int, words: str) -> None:
    sentence = explained(OSError(number, os.strerror(number), "/x/.venv"), thai_path)
    assert words in sentence and "\n" not in sentence


def test_a_person_without_rights_is_given_the_names_of_the_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "apt_command", lambda: None)
    monkeypatch.setattr(system, "find_tool", lambda name: f"/usr/bin/{name}")
    with pytest.raises(Stop, match=r"as root: apt-get install libgl1 openssl$"):
        system.install_packages(["libgl1", "openssl"])
    monkeypatch.setattr(system, "find_tool", lambda name: None)
    with pytest.raises(Stop, match="there is no apt-get here"):
        system.install_packages(["libgl1"])
