"""One module of the program speaks to a network, and only what sends imports it; no other import could."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src"
MODULES = sorted((SOURCE / "dgdesk").rglob("*.py"))
TRANSPORT = SOURCE / "dgdesk" / "outbox" / "transport.py"
SPEAKING = {
    *("socket", "socketserver", "ssl", "http", "urllib.request", "urllib.error", "ftplib", "smtplib"),
    "truststore",
    *("imaplib", "poplib", "xmlrpc", "webbrowser", "requests", "aiohttp", "httpx", "urllib3"),
    *("PySide6.QtNetwork", "PySide6.QtWebSockets", "PySide6.QtWebEngineCore", "PySide6.QtWebEngineWidgets"),
}


@cache
def imports_of(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
        elif isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in ("import_module", "__import__"):
            found |= {arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)}
    return found


def speaking(modules: set[str]) -> set[str]:
    return {one for one in modules if any(one == banned or one.startswith(f"{banned}.") for banned in SPEAKING)}


def test_the_walk_sees_imports_of_every_form(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text(
        "def f():\n  from urllib import request\n  import http.client\n  import_module('ssl')\n  import os\n"
    )
    assert speaking(imports_of(path)) == {"urllib.request", "http.client", "ssl"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_no_module_imports_what_speaks_to_a_network(path: Path) -> None:
    allowed = {"http.client", "socket", "ssl", "truststore", "urllib.request"} if path == TRANSPORT else set()
    assert speaking(imports_of(path)) == allowed


def importers(of: str) -> set[str]:
    return {path.relative_to(SOURCE).as_posix() for path in MODULES if of in imports_of(path)}


def test_what_speaks_is_imported_by_what_sends_alone() -> None:
    """And those in turn only inside functions, at the moment when a person sends or a receipt is asked for."""
    sends = {f"dgdesk/outbox/{name}.py" for name in ("sender", "replies", "rounds")}
    assert importers("dgdesk.outbox.transport") == {*sends, "dgdesk/selftest.py"}  # is all of it in the program?
    for name in ("sender", "replies", "rounds"):
        module = f"dgdesk.outbox.{name}"
        at_top = {one for one in importers(module) if module in top_imports_of(SOURCE / one)}
        assert at_top <= sends, name


def top_imports_of(path: Path) -> set[str]:
    body = ast.parse(path.read_text(encoding="utf-8")).body
    return {node.module for node in body if isinstance(node, ast.ImportFrom) and node.module}
