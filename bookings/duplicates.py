"""Who of a salon's customers may be one person twice. Pure: plain values in, groups of ids out."""

import re
import unicodedata
from collections import defaultdict
from typing import NamedTuple


class Known(NamedTuple):
    """What is known of a customer."""

    id: object
    name: str
    email: str
    phone: str


class Pair(NamedTuple):
    """Two who may be one; `why` says what they share."""

    one: object
    two: object
    why: str


#: What more than so many share (a household's number, the salon's own typed for everybody) tells nothing.
MOST_SHARING = 4
PHONE, EMAIL, NAME = "the same phone number", "the same e-mail address, written differently", "the same name"


def pairs(customers):
    """Each `Pair` once, with its best reason; the surest first. `customers` are `Known`, in the order they are to stand."""
    found = {}
    for why, key in ((PHONE, phone_key), (EMAIL, email_key), (NAME, name_key)):
        groups = defaultdict(list)
        for customer in customers:
            if shared := key(customer):
                groups[shared].append(customer.id)
        for first, *others in groups.values():
            for other in others if len(others) < MOST_SHARING else ():
                found.setdefault(frozenset((first, other)), Pair(first, other, why))
    return list(found.values())


def phone_key(customer):
    return re.sub(r"\D", "", customer.phone)


def email_key(customer):
    """Without what a plus adds, and without capitals."""
    name, _, host = customer.email.casefold().partition("@")
    return f"{name.partition('+')[0]}@{host}" if host else ""


def name_key(customer):
    """Without accents, capitals, spaces and signs; “Müller, Ana” and “ana muller” are one. A single word is too little."""
    plain = unicodedata.normalize("NFKD", customer.name.casefold())
    words = re.findall(r"\w+", "".join(char for char in plain if not unicodedata.combining(char)))
    return " ".join(sorted(words)) if len(words) > 1 else ""
