"""Evidence, worker: the process that reads foreign formats, its protocol, its limits, and the side that asks it."""
