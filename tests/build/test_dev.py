"""The newcomer's door: what it decides about the computer, and when it sets up anew, further, or not at all."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

DEV = Path(__file__).parents[2] / "build" / "dev.py"


@pytest.fixture(scope="module")
def dev() -> ModuleType:
    spec = importlib.util.spec_from_file_location("dgdesk_dev", DEV)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Checkout:
    """A checkout whose environment is made and filled on paper; `steps` says what was done."""

    def __init__(self, dev: ModuleType, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.dev, self.root = dev, root
        self.steps: list[str] = []
        self.fails = False
        for name in ("pyproject.toml", "constraints.txt"):
            (root / name).write_text("first", encoding="utf-8")
        monkeypatch.setattr(dev.Environment, "_version", lambda env: "(3, 11)" if env.folder.exists() else "")
        monkeypatch.setattr(dev.Environment, "_create", self._create)
        monkeypatch.setattr(dev.Environment, "_install", lambda env, extras: self._install(extras))

    def _create(self) -> None:
        (self.root / ".venv").mkdir(exist_ok=True)
        self.steps.append("create")

    def _install(self, extras: set[str]) -> None:
        self.steps.append(f"install {' '.join(sorted(extras))}".strip())
        if self.fails:
            raise self.dev.Stop("no network")

    def set_up(self, *extras: str) -> list[str]:
        self.steps.clear()
        self.dev.Environment(self.root).set_up(set(extras))
        return list(self.steps)


@pytest.fixture
def checkout(dev: ModuleType, thai_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    return Checkout(dev, thai_path, monkeypatch)


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


def test_a_set_up_that_was_broken_off_is_made_anew(checkout: Checkout) -> None:
    checkout.fails = True
    with pytest.raises(checkout.dev.Stop):
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


def test_unsuitable_pythons_are_named(dev: ModuleType) -> None:
    assert dev.python_complaint((3, 11), 64) is None
    assert dev.python_complaint((3, 13), 64) is None
    assert "Python 3.10" in dev.python_complaint((3, 10), 64)
    assert "Python 3.14" in dev.python_complaint((3, 14), 64)
    assert "32-bit" in dev.python_complaint((3, 11), 32)


def test_a_display_is_x_or_wayland_or_a_desktop_system(dev: ModuleType) -> None:
    assert not dev.has_display("linux", {"DISPLAY": ""})
    assert dev.has_display("linux", {"DISPLAY": ":0"})
    assert dev.has_display("linux", {"WAYLAND_DISPLAY": "wayland-0"})
    assert dev.has_display("win32", {})


def test_missing_libraries_and_tools_are_told_by_their_package(dev: ModuleType) -> None:
    missing = dev.missing_packages({"libnowhere.so.9": "nowhere9"}, {"no-such-tool": "tool", "python3": "python"})
    assert missing == ["nowhere9", "tool"]


def test_wrong_use_ends_with_two(dev: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main([]) == 2
    assert dev.main(["jump"]) == 2
    assert "build/dev.py run" in capsys.readouterr().out


def test_debians_python_brings_its_library_in_a_package(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    places = {"INSTSONAME": "libpython3.11.so.1.0", "LIBDIR": "/nowhere", "LIBPL": None}
    monkeypatch.setattr(dev.sysconfig, "get_config_var", places.get)
    monkeypatch.setattr(dev.sys, "platform", "linux")
    assert dev.shared_python() == {"libpython3.11.so.1.0": f"libpython3.{dev.sys.version_info[1]}"}
    monkeypatch.setattr(dev.sys, "platform", "win32")
    assert dev.shared_python() == {}
