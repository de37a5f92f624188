"""The command line: the second front end over the same core, one file per command family."""
