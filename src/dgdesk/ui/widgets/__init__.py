"""Widgets that know nothing of the survey: labels, buttons, tables, dialogs, theme, background jobs."""
