"""The world of the outbox's stories: a home of one's own, an office with a server, and a bundle that was exported."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cli.conftest import home
from cli.support import done
from dgdesk.demo.run import fill, read_province
from dgdesk.draft.drafts import new_draft
from dgdesk.resources import resource
from outbox.tus_server import TusServer, tus_server

__all__ = ["home", "office", "server"]


@dataclass(frozen=True)
class Office:
    """An office's files, and a province's encrypted bundle for it."""

    folder: Path
    server: TusServer

    @property
    def bundle(self) -> Path:
        return self.folder / "เชียงใหม่.zip.age"

    @property
    def draft(self) -> Path:
        return self.folder / "draft.dgdesk"

    @property
    def signed(self) -> tuple[object, ...]:
        return ("--identity", self.folder / "office")

    def agency(self, version: int = 1, **more: object) -> Path:
        """A signed agency.json."""
        source, target = self.folder / "source.json", self.folder / f"agency-{version}.json"
        said = {
            "kind": "dgdesk-agency", "format": 1, "id": "dga", "version": version, "url": self.server.url,
            "name": {"th": "สำนักงานพัฒนารัฐบาลดิจิทัล", "en": "DGA"},
            "certificates": (self.folder / "office.pem").read_text("ascii"),
            "recipients": (self.folder / "recipients.txt").read_text("ascii").split(),
            **more,
        }  # fmt: skip
        source.write_text(json.dumps(said), encoding="utf-8")
        done("outbox", "agency", "sign", source, target, *self.signed, "--replace")
        return target

    def enrol(self, **more: object) -> None:
        """Import the address into the province's profile."""
        done("outbox", "agency", "import", self.agency(**more), "--trust", self.folder / "office.pem")


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once: the office's identity and key, the province's export of the demo's answers and evidence."""
    folder = tmp_path_factory.mktemp("office")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DGDESK_HOME", str(folder / "their-profile"))
        done("identity", "new", "--person", "ผู้รับ", "--province", "สพร.", "--no-passphrase")
        shutil.copytree(folder / "their-profile" / "identity", folder / "office")
        done("identity", "export", folder / "office.pem")
        done("sealing-key", folder / "office.key", "--recipients", folder / "recipients.txt")
        patch.setenv("DGDESK_HOME", str(folder / "profile"))
        province = read_province(resource("demo/demo.yaml"))
        with new_draft(folder / "draft.dgdesk", clock=lambda: datetime.now(UTC), who="x") as draft:
            fill(draft, province)
        done("identity", "new", "--person", "สมศรี", "--province", "เชียงใหม่", "--no-passphrase")
        sealed = folder / "เชียงใหม่.zip.age"
        done("export", folder / "draft.dgdesk", sealed, "--encrypt-to", folder / "recipients.txt")
        done("identity", "export", folder / "signer.pem")
    return folder


@pytest.fixture
def server() -> Iterator[TusServer]:
    with tus_server() as running:
        yield running


@pytest.fixture
def office(prepared: Path, server: TusServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    folder = Path(shutil.copytree(prepared, tmp_path / "office"))
    monkeypatch.setenv("DGDESK_HOME", str(folder / "profile"))
    noted = folder / "profile" / "outbox" / "exports.json"  # the draft lies in the copied folder now
    noted.write_text(noted.read_text("utf-8").replace(str(prepared), str(folder)), encoding="utf-8")
    return Office(folder, server)
