"""Tables other programs write, read and written as CSV. Pure: knows no model.

A cell is text, whatever a spreadsheet would make of it.
"""

import csv
import re
from dataclasses import dataclass
from io import StringIO

from tenants.errors import DomainError

MAX_COLUMNS = 60
DELIMITERS = ",;\t"
#: The last column of the file of refused lines.
PROBLEM = "problem"
#: What a spreadsheet takes for the beginning of a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class FileRefused(DomainError):
    """The file as a whole cannot be used; the sentence says why."""

    code = "file_refused"
    status = 422


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table; `number` is the line of the file it begins on."""

    number: int
    cells: list


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file as a table. `columns` are its first line."""

    columns: list
    lines: list
    delimiter: str


def read(data, *, most_bytes, most_lines):
    """The Sheet in a file's bytes: UTF-8, UTF-16 or Windows-1252; commas, semicolons or tabs. Raises FileRefused."""
    if len(data) > most_bytes:
        raise FileRefused(f"The file is larger than {most_bytes // 1024**2} MB.")
    text = _text(data)
    delimiter, text = _delimiter(text)
    try:
        rows = list(_rows(text, delimiter))
    except csv.Error as exc:
        raise FileRefused("The file is not a table we can read: a quotation mark is not closed, or misplaced.") from exc
    if not rows:
        raise FileRefused("The file is empty.")
    columns = [cell.strip() for cell in rows[0].cells]
    if len(rows) == 1:
        raise FileRefused("The file has no lines below its first one, which names the columns.")
    if len(rows) - 1 > most_lines:
        raise FileRefused(f"The file has more than {most_lines:,} lines. Please split it.")
    if len(columns) > MAX_COLUMNS:
        raise FileRefused(f"The file has more than {MAX_COLUMNS} columns.")
    if columns[-1] == PROBLEM:  # our own file, corrected
        columns = columns[:-1]
        rows = [Line(row.number, row.cells[: len(columns)]) for row in rows]
    return Sheet(columns, rows[1:], delimiter)


def _text(data):
    try:
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError:
            text = "\0"
    if "\0" in text:
        raise FileRefused("This is not a CSV file. Save the table as “CSV” and choose that file.")
    return text


def _delimiter(text):
    """(what separates the cells, the text without a line that says so)."""
    first = re.match(r"sep=([,;\t])\r?\n", text)
    if first:
        return first[1], text[first.end() :]
    outside, quoted = "", False
    for char in text.lstrip("\r\n"):
        quoted ^= char == '"'
        if char in "\r\n" and not quoted:
            break
        outside += "" if quoted else char
    return max(DELIMITERS, key=outside.count), text


def _rows(text, delimiter):
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield Line(begins, [undefused(cell) for cell in cells])
        begins = reader.line_num + 1


def guess(columns, names):
    """Meaning → place of the file's column that means it; None where none does. No column means two things.

    `names` are what other programs call each meaning, in small letters.
    """
    plain = [_plain(name) for name in columns]
    found = {}
    for meaning, called in names.items():
        places = [plain.index(name) for name in called if name in plain]
        found[meaning] = next((place for place in places if place not in found.values()), None)
    return found


def _plain(text):
    """`Duration (min.)` and `duration_min` are the same name."""
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()


def cell(line, place):
    return line.cells[place] if place is not None and place < len(line.cells) else ""


def problems_file(sheet, refused):
    """The lines that were not taken as a file of their own: the same columns, and what is wrong with each. Bytes.

    `refused` have a `line` and a `problem`. What a spreadsheet would take for a formula is defused.
    """
    out = StringIO(newline="")
    writer = csv.writer(out, delimiter=sheet.delimiter)
    width = max([len(sheet.columns), *(len(item.line.cells) for item in refused)])
    writer.writerow([*_filled(sheet.columns, width), PROBLEM])
    for item in refused:
        writer.writerow([*_filled(item.line.cells, width), item.problem])
    return out.getvalue().encode("utf-8-sig")


def _filled(cells, width):
    return [defused(cell) for cell in [*cells, *[""] * (width - len(cells))]]


def defused(cell):
    """The cell, with an apostrophe before what a spreadsheet would take for a formula; `undefused` takes it off again."""
    return f"'{cell}" if cell.lstrip().startswith(FORMULA) or cell.startswith(FORMULA) else cell


def undefused(cell):
    return cell[1:] if cell.startswith("'") and cell[1:].lstrip().startswith(FORMULA) else cell
