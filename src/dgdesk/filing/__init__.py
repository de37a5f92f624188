"""What follows an export: encryption for the agency, receipts, scans of the signed sheet, changes since."""
