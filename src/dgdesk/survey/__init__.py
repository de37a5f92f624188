"""The survey: its definition, its answers, and the rules, which are pure functions of both."""
