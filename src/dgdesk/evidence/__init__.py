"""Evidence: files of foreign formats are inspected, shown, searched and marked by a worker process with limits.

`documents.Documents` is what the program calls. Only the worker loads the libraries that read foreign formats.
"""
