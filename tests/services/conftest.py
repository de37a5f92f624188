"""What further programs are given: all that the demo makes, with a home of its own."""

from __future__ import annotations

from cli.conftest import home, made

__all__ = ["home", "made"]
