"""The operator's workbook and what it becomes: items, forms, templates, words to find them by."""
