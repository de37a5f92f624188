"""The register: what was exported, what came back of it, and whether the draft changed since."""
