"""Tables as files: an Excel workbook, CSV files, an SQLite database, or Parquet files, written row by row."""
