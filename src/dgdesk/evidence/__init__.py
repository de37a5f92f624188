"""Evidence: files of foreign formats are inspected, shown, searched and marked by a worker process with limits.

`documents.Documents` is what the program calls. The libraries that read foreign formats are loaded by the worker alone.
"""
