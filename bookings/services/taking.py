"""A visit written down by staff, or those of several people: by phone, at the desk, or for who has just come in."""

from dataclasses import replace

from django.db import transaction

from bookings import mail, queries
from bookings.models import Source, Status
from bookings.services import locks
from bookings.services.checkout import confirm_booking, submit_details
from bookings.services.errors import SlotTaken
from bookings.services.families import hold_family
from bookings.services.holds import hold_slot, release_hold
from bookings.services.requests import KeyInProgress, find_by_key, forget_key, remember_key
from tenants.errors import DomainError


def take_visit(
    *,
    business,
    basket,
    start,
    details,
    by,
    now,
    key,
    params,
    override=frozenset(),
    customer=None,
    submit=submit_details,
    notify=True,
):
    """Hold, details, confirmation: the same steps a customer takes, without a card. Returns the Booking, confirmed.

    `customer` is who staff say it is; without one the details tell. `submit` writes the details (`payments` adds what is
    owed). `notify=False` leaves it to the caller to tell the customer. Called again with the same `key` and `params` it
    returns the first one's booking. Raises what hold_slot, submit_details and confirm_booking raise, KeyReused,
    KeyInProgress; nothing is kept then.
    """
    if earlier := _earlier(key, params):
        return earlier
    try:
        booking = hold_slot(
            business=business, basket=basket, start=start, now=now, source=Source.STAFF, override=override
        )
    except SlotTaken:
        if earlier := _earlier(key, params):  # the twin of a double click
            return earlier
        raise
    try:
        remember_key(booking=booking, key=key, params=params)
        submit(business=business, booking=booking, details=details, address=None, by=by, now=now, customer=customer)
        return confirm_booking(business=business, booking=booking, by=by, now=now, notify=notify)
    except DomainError:
        release_hold(booking=booking)
        forget_key(booking=booking)
        raise


def take_family(*, key, params, **how):
    """A visit for each of several people (`hold_family`), for one customer and without a card: all of them or none.

    `baskets` and `names` are who comes, "" for the customer themselves; they come at `start` in that `order`. `customer`,
    `submit`, `override`, `key` and `params` as in `take_visit`. The customer is told once of all. Returns the Bookings in
    order, confirmed. Raises what hold_family and take_visit raise, SlotTaken with three alternatives; nothing is written
    then.
    """
    earlier = _earlier(key, params)
    if earlier is None:
        try:
            with locks.deadlocks_lose():
                return _take_family(key=key, params=params, **how)
        except (SlotTaken, KeyInProgress) as exc:
            earlier = _earlier(key, params)  # the twin of a double click
            if earlier is None:
                raise _with_alternatives(exc, **how) from exc
    return list(queries.visits_of_family(earlier.family_id))


def _with_alternatives(exc, *, business, baskets, order, start, now, override=frozenset(), **how):
    if isinstance(exc, SlotTaken):
        asked = {"business": business, "baskets": baskets, "order": order, "now": now, "override": override}
        exc.alternatives = queries.family_alternatives(**asked, start=start)
    return exc


@transaction.atomic
def _take_family(
    *,
    business,
    baskets,
    names,
    start,
    order,
    details,
    by,
    now,
    key,
    params,
    override=frozenset(),
    customer=None,
    submit=submit_details,
):
    held = hold_family(
        business=business, baskets=baskets, start=start, order=order, now=now, source=Source.STAFF, override=override
    )
    remember_key(booking=held[0], key=key, params=params)
    taken = []
    for booking, name in zip(held, names, strict=True):
        who = replace(details, for_name=name)
        booking = submit(
            business=business, booking=booking, details=who, address=None, by=by, now=now, customer=customer
        )
        # Who left no address would else be somebody new for every visit.
        customer = booking.customer
        taken.append(confirm_booking(business=business, booking=booking, by=by, now=now, notify=False))
    mail.queue_family_confirmation(business=business, bookings=taken, now=now)
    return taken


def _earlier(key, params):
    """What this very press has made; a hold of which nothing came is none."""
    earlier = find_by_key(key=key, params=params)
    if earlier and earlier.status in (Status.EXPIRED, Status.FAILED):
        forget_key(booking=earlier)
        return None
    if earlier and earlier.hold_expires_at:
        raise KeyInProgress("This visit is being booked right now. Press once more in a moment.")
    return earlier
