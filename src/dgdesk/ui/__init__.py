"""The window: the only folder with PySide6. Widgets draw, and pass on what a person does."""
