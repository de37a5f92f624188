"""Window, register: what was exported, what came back of it, and whether work went on since."""
