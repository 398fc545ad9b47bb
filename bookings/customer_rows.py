"""Customers from a table other programs write: columns recognised, every line looked at. Pure: nothing is written.

Consent to news is not among the columns: it is the customer's own, and no file proves it.
"""

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from phonenumber_field.phonenumber import PhoneNumber
from phonenumbers import NumberParseException

from bookings import csv_tables
from bookings.csv_tables import cell

MAX_BYTES, MAX_LINES = 2 * 1024 * 1024, 10_000
#: meaning → what other programs call it, in small letters.
NAMES = {
    "name": (
        "name", "full name", "customer", "customer name", "client", "client name", "guest", "guest name", "display name",
        "kunde", "kundenname", "nom complet", "client nom", "nombre completo", "nome completo", "naam",
    ),
    "first_name": (
        "first name", "firstname", "given name", "forename", "first", "vorname", "prénom", "prenom", "nombre", "nome",
        "voornaam",
    ),
    "last_name": (
        "last name", "lastname", "surname", "family name", "last", "nachname", "familienname", "nom", "nom de famille",
        "apellido", "apellidos", "cognome", "achternaam",
    ),
    "email": (
        "email", "e mail", "email address", "e mail address", "mail", "e mail adresse", "email adresse", "courriel",
        "adresse e mail", "correo", "correo electrónico", "correo electronico", "posta elettronica",
    ),
    "phone": (
        "phone", "mobile", "mobile phone", "cell", "cell phone", "telephone", "phone number", "mobile number", "tel",
        "telefon", "handy", "mobil", "telefonnummer", "téléphone", "telephone portable", "portable", "teléfono", "telefono",
        "móvil", "movil", "cellulare", "telefoon",
    ),
    "notes": (
        "notes", "note", "comments", "comment", "remarks", "preferences", "notizen", "notiz", "bemerkung", "bemerkungen",
        "remarques", "notas", "commentaires", "osservazioni", "opmerkingen",
    ),
}  # fmt: skip
MOST = {"display_name": 160, "email": 254, "notes": 4000}
CALLED = {"display_name": "The name", "email": "The e-mail address", "notes": "The note"}


@dataclass(slots=True)
class Item:
    """What a line says: the customer's `values`, or `problem`, why it cannot be taken."""

    line: csv_tables.Line
    values: dict = field(default_factory=dict)
    problem: str = ""


class Unreadable(ValueError):
    """The sentence says what is wrong with a cell."""


def read(data):
    """The Sheet in a file's bytes. Raises csv_tables.FileRefused."""
    return csv_tables.read(data, most_bytes=MAX_BYTES, most_lines=MAX_LINES)


def guess(columns):
    """Meaning → place of the file's column that means it; None where none does."""
    return csv_tables.guess(columns, NAMES)


def is_ready(mapping):
    """Whether it is said where a name stands."""
    return any(mapping[each] is not None for each in ("name", "first_name", "last_name"))


def items(sheet, mapping, *, region):
    """An Item for every line; numbers without a country are read as those of `region`. Who stands in the file twice, by
    e-mail address, is a problem the second time."""
    seen = {}
    found = []
    for line in sheet.lines:
        item = _item(line, mapping, region)
        email = item.values.get("email")
        if email and not item.problem:
            first = seen.setdefault(email, line.number)
            if first != line.number:
                item.problem = f"Left out: the same e-mail address is in line {first}."
        found.append(item)
    return found


def _item(line, mapping, region):
    cells = {meaning: cell(line, place) for meaning, place in mapping.items()}
    names = [cells["name"]] if cells["name"].strip() else [cells["first_name"], cells["last_name"]]
    values = {
        "display_name": " ".join(" ".join(names).split()),
        "email": cells["email"].strip().lower(),
        "notes": cells["notes"].strip().replace("\r\n", "\n").replace("\r", "\n"),
        "phone": "",
    }
    problems = [] if values["display_name"] else ["Write the customer’s name."]
    problems += [
        f"{CALLED[name]} is longer than {most} letters." for name, most in MOST.items() if len(values[name]) > most
    ]
    try:
        _check_email(values["email"])
    except Unreadable as exc:
        problems.append(str(exc))
    try:
        values["phone"] = _phone(cells["phone"].strip(), region)
    except Unreadable as exc:
        problems.append(str(exc))
    if any("\0" in value for value in values.values()):
        problems.append("There is a character in it that cannot be stored.")
    return Item(line, values, " ".join(problems))


def _check_email(text):
    try:
        if text:
            validate_email(text)
    except ValidationError:
        raise Unreadable("Write the e-mail address in full, like name@example.com.") from None


def _phone(text, region):
    if not text:
        return ""
    try:
        number = PhoneNumber.from_string(text, region=region)
    except NumberParseException:
        number = None
    if number is None or not number.is_valid():
        raise Unreadable("Write the phone number with its country or area code.")
    return number.as_e164
