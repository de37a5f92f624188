"""Window, printing: the dialog that shows what will be printed, prints it, and saves it."""
