"""The register: exports, their receipts and scans, and whether the draft changed since the last export."""
