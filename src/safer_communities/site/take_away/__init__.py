"""What a reader can take away: downloads, a workbook, a PDF."""
