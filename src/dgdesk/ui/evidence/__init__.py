"""Evidence in the window: slots, attaching, the overview, the library, folders, the viewer."""
