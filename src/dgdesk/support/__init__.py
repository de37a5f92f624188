"""What the help desk needs when something went wrong, without answers, names and paths of people."""
