"""An edition as one Excel workbook: written from its data files, and read back into them."""
