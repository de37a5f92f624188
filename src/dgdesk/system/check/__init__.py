"""Checks of this PC: does the machine, and the folder of a draft, suit the work?"""
