"""One module of the program speaks to a network, and only what sends imports it; no other import could."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from parsed import nodes_of, tree_of

SOURCE = Path(__file__).parents[2] / "src"
MODULES = sorted((SOURCE / "dgdesk").rglob("*.py"))
PLACES = SOURCE / "dgdesk" / "agency" / "ledger" / "places.py"
TRANSPORT = SOURCE / "dgdesk" / "outbox" / "transport.py"
SPEAKING = {
    *("socket", "socketserver", "ssl", "http", "urllib.request", "urllib.error", "ftplib", "smtplib"),
    "truststore",
    *("psycopg", "psycopg2", "asyncpg", "pg8000"),
    *("imaplib", "poplib", "xmlrpc", "webbrowser", "requests", "aiohttp", "httpx", "urllib3"),
    *("PySide6.QtNetwork", "PySide6.QtWebSockets", "PySide6.QtWebEngineCore", "PySide6.QtWebEngineWidgets"),
}


@cache
def imports_of(path: Path) -> set[str]:
    found: set[str] = set()
    for node in nodes_of(path.read_text(encoding="utf-8")):
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
    body = tree_of(path.read_text(encoding="utf-8")).body
    return {node.module for node in body if isinstance(node, ast.ImportFrom) and node.module}


def test_a_ledger_on_a_server_is_the_one_other_connection_and_a_person_names_its_address() -> None:
    """SQLAlchemy loads the driver, by the name that this one module gives it for an address of PostgreSQL."""
    named = {path for path in MODULES if "psycopg" in path.read_text(encoding="utf-8")}
    code = {path for path in named if any("psycopg" in text for text in texts_of(path))}
    assert code == {PLACES}
    # Nothing of a province's work, and nothing of the window, makes one.
    makers = {path for path in MODULES if "create_engine" in path.read_text(encoding="utf-8")}
    relative = {path.relative_to(SOURCE / "dgdesk").as_posix() for path in makers}
    assert relative == {"draft/file/connecting.py", "agency/ledger/database.py"}


def texts_of(path: Path) -> set[str]:
    nodes = nodes_of(path.read_text(encoding="utf-8"))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def test_a_ledger_in_a_file_loads_no_driver(tmp_path: Path) -> None:
    code = (
        "import sys; from dgdesk.__main__ import main;"
        "code = main(['intake', sys.argv[1], '--ledger', sys.argv[2], '--json']);"
        "loaded = {'psycopg', 'psycopg_binary', 'sqlalchemy.dialects.postgresql'} & sys.modules.keys();"
        "sys.exit(f'{code} {loaded}' if code or loaded else 0)"
    )
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "note.txt").write_text("x")
    call = [sys.executable, "-c", code, str(tmp_path / "inbox"), str(tmp_path / "x.ledger")]
    subprocess.run(call, check=True, env={**os.environ, "DGDESK_HOME": str(tmp_path / "home")})
