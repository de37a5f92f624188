"""Window: the only room with PySide6. Widgets draw and pass on what a person does; the session decides."""
