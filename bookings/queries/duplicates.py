"""Pairs of customers who may be one person."""

from dataclasses import dataclass

from django.db.models.functions import Lower

from bookings.duplicates import Known, pairs
from bookings.models import Customer
from bookings.queries.customers import customers


@dataclass(frozen=True, slots=True)
class Duplicate:
    one: Customer
    two: Customer
    why: str


def duplicates(*, most=100, of=None):
    """Up to `most` pairs, the surest first; of one customer where `of` is given. Two queries, however many customers."""
    rows = customers().order_by("created_at", Lower("display_name"), "pk")
    known = [Known(pk, name, email, str(phone or "")) for pk, name, email, phone in rows.values_list(*COLUMNS)]
    found = [pair for pair in pairs(known) if of is None or of.pk in pair[:2]][:most]
    shown = customers().in_bulk({pk for pair in found for pk in pair[:2]})
    return [
        Duplicate(shown[pair.one], shown[pair.two], pair.why)
        for pair in found
        if pair.one in shown and pair.two in shown
    ]


COLUMNS = ("pk", "display_name", "email", "phone")
