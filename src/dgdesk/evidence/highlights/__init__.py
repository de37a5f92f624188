"""Highlights: copies of PDFs and pictures that show the marks in every reader. Originals are never changed."""
