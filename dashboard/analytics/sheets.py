"""A table as a file for spreadsheets."""

import csv
import io

#: What a spreadsheet would take for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_of(table):
    """The table's rows and its total as CSV, Excel's mark in front. Words that look like a formula begin with an apostrophe."""
    out = io.StringIO(newline="")
    sheet = csv.writer(out)
    sheet.writerow(_cell(column.heading) for column in table.columns)
    for row in [*table.rows, *([table.total] if table.total else [])]:
        sheet.writerow(_cell(column.written(value)) for column, value in zip(table.columns, row, strict=True))
    return "\ufeff" + out.getvalue()


def _cell(value):
    if not isinstance(value, str) or not value.startswith(FORMULA):
        return value
    return value if _is_number(value) else f"'{value}"


def _is_number(text):
    """An amount below nothing is one, and nothing else that begins with a sign."""
    return text.removeprefix("-").replace(".", "", 1).isdecimal()
