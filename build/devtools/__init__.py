"""What ``build/dev.py`` does, for Python 3.11 and later; standard library only."""
