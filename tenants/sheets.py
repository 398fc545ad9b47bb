"""Cells of files that are opened in spreadsheets."""

#: What a spreadsheet would take for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def cell(value):
    """A value as the text of a cell; one that looks like a formula begins with an apostrophe."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
