"""Services from a table other programs write: read, columns recognised, every line looked at. Pure: nothing is written.

A cell is text, whatever a spreadsheet would make of it.
"""

from dataclasses import dataclass, field

from bookings import csv_tables
from bookings.csv_tables import FileRefused, Line, Sheet, cell, problems_file
from onboarding import reading

__all__ = ["FileRefused", "Line", "Sheet", "problems_file"]
MAX_BYTES, MAX_LINES = 1024 * 1024, 500
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
MOST = {"name": 120, "category": 80, "description": 4000}
CALLED = {"name": "The name", "category": "The category", "description": "The description"}


@dataclass(slots=True)
class Item:
    """What a line says: the service's `values`, or `problem`, why it cannot be taken."""

    line: Line
    values: dict = field(default_factory=dict)
    problem: str = ""


def read(data):
    """The Sheet in a file's bytes. Raises FileRefused."""
    return csv_tables.read(data, most_bytes=MAX_BYTES, most_lines=MAX_LINES)


def guess(columns):
    """Column of Service → place of the file's column that means it; None where none does."""
    return csv_tables.guess(columns, NAMES)


def items(sheet, mapping, *, currency, taken=()):
    """An Item for every line. `mapping` is as `guess` gives it; `taken` are the (category, name) there are, see `key`.

    What is there already, or stands in the file twice, is a problem too.
    """
    prices = [cell(line, mapping["price_cents"]) for line in sheet.lines]
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
    cells = {meaning: cell(line, place) for meaning, place in mapping.items()}
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
