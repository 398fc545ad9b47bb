"""Reads a row of an imported file: names become services and people, a wall time an instant."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from phonenumber_field.phonenumber import PhoneNumber
from phonenumbers import NumberParseException

from bookings import availability
from bookings.basket import MOST_SERVICES, Basket, Wanted
from bookings.models import Booking, Service, TeamMember
from bookings.services.checkout import Details
from tenants.errors import DomainError

BETWEEN_SERVICES = " + "
NAME, EMAIL, NOTE = (
    Booking._meta.get_field(f"{name}").max_length for name in ("contact_name", "contact_email", "special_requests")
)


class RowUnreadable(DomainError):
    """The row does not say which visit is meant; the message says what to correct."""

    code = "row_unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a file, as typed.

    `start` is a wall time of the salon, "2027-02-10 09:30"; `services` are names in order, joined by " + "; without a
    `team_member` it is whoever is free. `party` is how many guests come, one where it is empty.
    """

    start: str
    services: str
    name: str
    team_member: str = ""
    email: str = ""
    phone: str = ""
    note: str = ""
    party: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """What a row asks for, as `hold_slot` and `submit_details` take it."""

    basket: Basket
    start: datetime
    details: Details


class RowReader:
    """Knows the salon's bookable services and active people by name; two queries, however many rows."""

    def __init__(self, business):
        self.business = business
        self.services = _by_name(Service.objects.bookable())
        self.people = _by_name(TeamMember.objects.filter(is_active=True))

    def read(self, row):
        """The `Visit` a row asks for. Raises RowUnreadable."""
        return Visit(self._basket(row), self._start(row.start), self._details(row))

    def _basket(self, row):
        person = _one(self.people, row.team_member, "person", "people") if row.team_member else None
        services = [_one(self.services, name, "service", "services") for name in self._service_names(row.services)]
        return Basket(tuple(Wanted(service, person) for service in services), _party(row.party))

    def _service_names(self, text):
        """A service may have a plus in its own name: the whole text is tried first."""
        names = [text] if _plain(text) in self.services else text.split(BETWEEN_SERVICES)
        if len(names) > MOST_SERVICES:
            raise RowUnreadable(f"A visit has at most {MOST_SERVICES} services.")
        return names

    def _start(self, text):
        try:
            wall = datetime.strptime(text, "%Y-%m-%d %H:%M")
        except ValueError:
            raise RowUnreadable("Write the start as date and time, like 2027-02-10 09:30.") from None
        zone, minutes = self.business.zone, wall.hour * 60 + wall.minute
        start = availability.instant(availability.wall_to_utc(wall.date(), minutes, zone, end=False))
        if start.astimezone(zone).replace(tzinfo=None) != wall:
            raise RowUnreadable("The clocks go forward then: this time does not exist on that day.")
        return start

    def _details(self, row):
        name = " ".join(row.name.split())
        if not name or len(name) > NAME:
            raise RowUnreadable(f"Write the customer's name, in at most {NAME} letters.")
        if len(row.note) > NOTE:
            raise RowUnreadable(f"The note is longer than {NOTE} letters.")
        return Details(name=name, email=_email(row.email), phone=self._phone(row.phone), special_requests=row.note)

    def _phone(self, text):
        if not text:
            return ""
        try:
            number = PhoneNumber.from_string(text, region=self.business.country)
        except NumberParseException:
            number = None
        if number is None or not (number.is_valid() or text.startswith("+")):
            raise RowUnreadable("Write the phone number with its country or area code.")
        return number.as_e164


def _plain(name):
    """A name as it is compared: spaces and capitals do not matter."""
    return " ".join(name.split()).casefold()


def _by_name(rows):
    named = {}
    for row in rows:
        named.setdefault(_plain(row.name), []).append(row)
    return named


def _one(named, name, one, many):
    found = named.get(_plain(name), [])
    if not found:
        raise RowUnreadable(f"There is no bookable {one} called “{name.strip()}”.")
    if len(found) > 1:
        raise RowUnreadable(f"Several {many} are called “{name.strip()}”.")
    return found[0]


def _party(text):
    if not text:
        return 1
    if not text.isdecimal() or len(text) > 4 or int(text) < 1:
        raise RowUnreadable("Write how many guests come as a number.")
    return int(text)


def _email(text):
    if not text:
        return ""
    try:
        validate_email(text)
    except ValidationError:
        raise RowUnreadable("Write the e-mail address in full, like name@example.com.") from None
    if len(text) > EMAIL:
        raise RowUnreadable("The e-mail address is too long.")
    return text.lower()
