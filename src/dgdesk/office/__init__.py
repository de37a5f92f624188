"""Office PC: does this machine, and the place where a draft lies, suit the work? Facts first, then what they mean."""
