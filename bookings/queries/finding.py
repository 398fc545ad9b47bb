"""Visits somebody looks for by a word or two, however it is written."""

import re

from django.db.models import Q

#: Fewer digits than this are no telephone number.
LEAST_DIGITS = 4


def visits_by(bookings, term, *, contacts=True):
    """Those of `bookings` with this reference, name, e-mail address or number in them.

    Without `contacts` addresses and numbers are not looked at: who does not see them does not try them out either.
    """
    found = _named(term, "contact_name", "customer__display_name")
    found |= Q(ref__istartswith=_bare(term)) if _bare(term) else Q()
    if contacts:
        found |= _mailed(term, "contact_email", "customer__email") | _called(term, "contact_phone")
    return bookings.filter(found)


def digits_of(term):
    """The digits of a telephone number as every way of writing it has them; "" where it is none."""
    if re.search(r"[a-zA-Z@]", term):
        return ""
    digits = re.sub(r"\D", "", term.replace("(0)", "")).removeprefix("00").lstrip("0")
    return digits if len(digits) >= LEAST_DIGITS else ""


def _named(term, *columns):
    """Every word somewhere in the name, in any order."""
    found = Q()
    for column in columns:
        words = Q()
        for word in term.split():
            words &= Q(**{f"{column}__icontains": word})
        found |= words
    return found


def _mailed(term, *columns):
    found = Q()
    for column in columns:
        found |= Q(**{f"{column}__icontains": term.strip()})
    return found


def _called(term, column):
    digits = digits_of(term)
    return Q(**{f"{column}__contains": digits}) if digits else Q(pk=None)


def _bare(term):
    """A reference as people read it out: `3b90-1QP8`."""
    return re.sub(r"[\s\-#]", "", term).upper()
