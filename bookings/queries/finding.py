"""Visits somebody looks for by a word or two, however it is written."""

import re

from django.db.models import Q

from bookings.models import Booking, Customer

#: Fewer digits than this are no telephone number.
LEAST_DIGITS = 4


def words_of(text):
    """What somebody types to find something, word by word; a NUL, which no text of the database can hold, ends one."""
    return text.replace("\0", " ").split()


def visits_by(bookings, term, *, contacts=True):
    """Those of `bookings` with this reference, name, e-mail address or number in them.

    Without `contacts` addresses and numbers are not looked at: who does not see them does not try them out either.
    What stands in the visit and what stands in its customer are looked up apart, each in its index `…_search`: an "or"
    over both tables would read all of both.
    """
    term = " ".join(words_of(term))
    written, known = _named(term, "contact_name"), _named(term, "display_name")
    written |= Q(ref__istartswith=_bare(term)) if _bare(term) else Q()
    if contacts:
        written |= _mailed(term, "contact_email") | _called(term, "contact_phone")
        known |= _mailed(term, "email")
    visits, guests = Booking.objects.order_by(), Customer.objects.filter(known).order_by()
    found = visits.filter(written).values("pk").union(visits.filter(customer__in=guests).values("pk"))
    return bookings.filter(pk__in=found)


def digits_of(term):
    """The digits of a telephone number as every way of writing it has them; "" where it is none."""
    if re.search(r"[a-zA-Z@]", term):
        return ""
    digits = re.sub(r"\D", "", term.replace("(0)", "")).removeprefix("00").lstrip("0")
    return digits if len(digits) >= LEAST_DIGITS else ""


def _named(term, column):
    """Every word somewhere in the name, in any order."""
    words = Q()
    for word in term.split():
        words &= Q(**{f"{column}__icontains": word})
    return words


def _mailed(term, column):
    return Q(**{f"{column}__icontains": term.strip()})


def _called(term, column):
    digits = digits_of(term)
    return Q(**{f"{column}__contains": digits}) if digits else Q()


def _bare(term):
    """A reference as people read it out: `3b90-1QP8`."""
    return re.sub(r"[\s\-#]", "", term).upper()
