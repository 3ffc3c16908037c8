"""Studies in spreadsheets (.xlsx, extra `xlsx`): one sheet a list, one row an item, one column a field."""
