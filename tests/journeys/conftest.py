"""The window for journeys: as tests/ui has it."""

from __future__ import annotations

from ui.conftest import desk, draft, empty_draft, full_draft, loaded, modals, path, services, workspace

__all__ = ["desk", "draft", "empty_draft", "full_draft", "loaded", "modals", "path", "services", "workspace"]
