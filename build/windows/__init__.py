"""The Windows build: a machine with wine, the frozen program, setup and portable ZIP, and the trial of all of it.

Standard library only; what Windows does is done by programs inside the machine.
"""
