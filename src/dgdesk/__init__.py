"""dgdesk: Thailand's provincial survey of digital-government readiness, filled offline."""

__version__ = "0.1.0"
