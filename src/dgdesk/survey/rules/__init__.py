"""The rules: pure functions of the definition, the answers and the evidence."""
