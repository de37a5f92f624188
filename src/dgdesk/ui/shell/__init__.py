"""The window's frame: start page, workspace, menus, settings, help; here everything is put together."""
