"""What the help desk needs when something went wrong, with answers, names and paths of people left out."""
