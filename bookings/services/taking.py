"""A visit written down by staff: by phone, at the desk, or for somebody who has just come in."""

from bookings.models import Source, Status
from bookings.services.checkout import confirm_booking, submit_details
from bookings.services.errors import SlotTaken
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


def _earlier(key, params):
    """What this very press has made; a hold of which nothing came is none."""
    earlier = find_by_key(key=key, params=params)
    if earlier and earlier.status in (Status.EXPIRED, Status.FAILED):
        forget_key(booking=earlier)
        return None
    if earlier and earlier.hold_expires_at:
        raise KeyInProgress("This visit is being booked right now. Press once more in a moment.")
    return earlier
