"""Window, identities: who signs on this PC: chosen, made, brought, enrolled, locked anew, kept safe."""
