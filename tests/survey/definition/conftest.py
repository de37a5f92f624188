"""The story helpers, as fixtures of this folder."""

from scenario import filled, form, rules, scenario

__all__ = ["filled", "form", "rules", "scenario"]
