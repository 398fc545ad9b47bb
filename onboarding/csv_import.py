"""Services from a table other programs write: read, columns recognised, every line looked at. Pure: nothing is written.

A cell is text, whatever a spreadsheet would make of it.
"""

import csv
import re
from dataclasses import dataclass, field
from io import StringIO

from onboarding import reading
from tenants.errors import DomainError

MAX_BYTES, MAX_LINES, MAX_COLUMNS = 1024 * 1024, 500, 60
DELIMITERS = ",;\t"
#: column of Service (or its category) → what other programs call it, in small letters.
NAMES = {
    "name": (
        "name", "service", "service name", "services", "treatment", "treatment name", "item", "item name", "title",
        "product", "leistung", "behandlung", "bezeichnung", "prestation", "nom", "servicio", "nombre", "servizio", "nome",
        "dienst",
    ),
    "category": (
        "category", "category name", "service category", "treatment category", "group", "service group", "menu", "section",
        "type", "department", "kategorie", "gruppe", "catégorie", "categorie", "categoría", "categoria",
    ),
    "duration_min": (
        "duration", "minutes", "min", "mins", "length", "time", "duration min", "duration minutes", "duration in minutes",
        "service duration", "duration mins", "dauer", "minuten", "durée", "duree", "duración", "duracion", "durata", "duur",
    ),
    "price_cents": (
        "price", "cost", "amount", "fee", "service price", "retail price", "full price", "sale price", "price from", "rate",
        "preis", "prix", "tarif", "precio", "prezzo", "prijs",
    ),
    "description": (
        "description", "service description", "treatment description", "details", "about", "notes", "text", "info",
        "beschreibung", "descripción", "descripcion", "descrizione", "beschrijving",
    ),
}  # fmt: skip
NEEDED = ("name", "duration_min", "price_cents")
#: The last column of the file of refused lines.
PROBLEM = "problem"
#: What a spreadsheet takes for the beginning of a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
MOST = {"name": 120, "category": 80, "description": 4000}
CALLED = {"name": "The name", "category": "The category", "description": "The description"}


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


@dataclass(slots=True)
class Item:
    """What a line says: the service's `values`, or `problem`, why it cannot be taken."""

    line: Line
    values: dict = field(default_factory=dict)
    problem: str = ""


def read(data):
    """The Sheet in a file's bytes: UTF-8, UTF-16 or Windows-1252; commas, semicolons or tabs. Raises FileRefused."""
    if len(data) > MAX_BYTES:
        raise FileRefused("The file is larger than 1 MB.")
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
    if len(rows) - 1 > MAX_LINES:
        raise FileRefused(f"The file has more than {MAX_LINES} lines. Please split it.")
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
            yield Line(begins, [_undefused(cell) for cell in cells])
        begins = reader.line_num + 1


def guess(columns):
    """Column of Service → place of the file's column that means it; None where none does. No column means two things."""
    plain = [_plain(name) for name in columns]
    found = {}
    for meaning, names in NAMES.items():
        places = [plain.index(name) for name in names if name in plain]
        found[meaning] = next((place for place in places if place not in found.values()), None)
    return found


def _plain(text):
    """`Duration (min.)` and `duration_min` are the same name."""
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()


def items(sheet, mapping, *, currency, taken=()):
    """An Item for every line. `mapping` is as `guess` gives it; `taken` are the (category, name) there are, see `key`.

    What is there already, or stands in the file twice, is a problem too.
    """
    prices = [_cell(line, mapping["price_cents"]) for line in sheet.lines]
    mark = reading.decimal_mark(prices, currency=currency)
    seen = dict.fromkeys(taken)
    found = []
    for line in sheet.lines:
        item = _item(line, mapping, currency, mark)
        if not item.problem:
            item.problem = _repeats(item, seen)
        found.append(item)
    return found


def key(category, name):
    """What makes two services the same one: spaces and capitals do not."""
    return tuple(" ".join(text.split()).casefold() for text in (category, name))


def _repeats(item, seen):
    own = key(item.values["category"], item.values["name"])
    if own not in seen:
        seen[own] = item.line.number
        return ""
    where = f"in line {seen[own]}" if seen[own] else "on your menu"
    return f"Left out: it is {where} already."


def _item(line, mapping, currency, mark):
    cells = {meaning: _cell(line, place) for meaning, place in mapping.items()}
    values = {name: " ".join(cells[name].split()) for name in ("name", "category")}
    values["description"] = cells["description"].strip().replace("\r\n", "\n").replace("\r", "\n")
    problems = [] if values["name"] else ["Write the name of the service."]
    problems += [
        f"{CALLED[name]} is longer than {most} letters." for name, most in MOST.items() if len(values[name]) > most
    ]
    for name, parse in (
        ("duration_min", _minutes),
        ("price_cents", lambda text: _price(text, currency, mark)),
    ):
        try:
            values[name] = parse(cells[name])
        except reading.Unreadable as exc:
            problems.append(str(exc))
    return Item(line, values, " ".join(problems))


def _minutes(text):
    found = reading.minutes(text)
    if not 5 <= found <= 24 * 60:
        raise reading.Unreadable("A service takes 5 minutes at least, and 24 hours at most.")
    return found


def _price(text, currency, mark):
    found = reading.cents(text, currency=currency, decimal_mark=mark)
    if found > 100_000_000:
        raise reading.Unreadable("The price is too high.")
    return found


def _cell(line, place):
    return line.cells[place] if place is not None and place < len(line.cells) else ""


def problems_file(sheet, refused):
    """The lines that were not taken as a file of their own: the same columns, and what is wrong with each. Bytes.

    Cells that a spreadsheet would take for formulas begin with an apostrophe, which `read` takes off again.
    """
    out = StringIO(newline="")
    writer = csv.writer(out, delimiter=sheet.delimiter)
    width = max([len(sheet.columns), *(len(item.line.cells) for item in refused)])
    writer.writerow([*_filled(sheet.columns, width), PROBLEM])
    for item in refused:
        writer.writerow([*_filled(item.line.cells, width), item.problem])
    return out.getvalue().encode("utf-8-sig")


def _filled(cells, width):
    return [_defused(cell) for cell in [*cells, *[""] * (width - len(cells))]]


def _defused(cell):
    return f"'{cell}" if cell.lstrip().startswith(FORMULA) or cell.startswith(FORMULA) else cell


def _undefused(cell):
    return cell[1:] if cell.startswith("'") and cell[1:].lstrip().startswith(FORMULA) else cell
