"""The wizard for tests: over a whole survey in the window, with a signer of which the passphrase is known."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dgdesk.bundle.signing.identity import Identity, create_identity
from dgdesk.ui.export.choices import Remembered
from dgdesk.ui.export.wizard import ExportWizard
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.widgets.services import Services
from ui.modals import until

MakeWizard = Callable[..., ExportWizard]


@pytest.fixture
def full(desk: MainController, full_draft: Path, tmp_path: Path) -> Workspace:
    """A complete form in the window."""
    mine = tmp_path / "ครบ.dgdesk"
    shutil.copy(full_draft, mine)
    desk.open(mine)
    assert desk.workspace is not None
    return desk.workspace


@pytest.fixture
def signer(services: Services) -> Identity:
    """The signer on this PC."""
    now = services.clock()
    return create_identity(services.profile.identity, person="สมศรี", province="เชียงใหม่", passphrase="น้ำใจ abc", now=now)


@pytest.fixture
def make_wizard(desk: MainController, services: Services) -> Iterator[MakeWizard]:
    """Opens wizards over what is open, and closes them at the end."""
    made: list[ExportWizard] = []

    def make(remembered: Remembered | None = None, *, with_services: Services = services) -> ExportWizard:
        assert desk.workspace is not None
        wizard = ExportWizard(desk.workspace.bridge, with_services, remembered or Remembered(), desk.window)
        made.append(wizard)
        wizard.show()
        return wizard

    yield make
    for wizard in made:
        wizard._exporting.stop()
        until(lambda wizard=wizard: not wizard.busy)
        wizard.close()
        wizard.deleteLater()
