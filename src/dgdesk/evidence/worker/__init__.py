"""The document worker: the process that reads foreign formats, its protocol and its limits."""
