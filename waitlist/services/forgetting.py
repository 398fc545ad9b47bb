"""What somebody was waiting for is forgotten: with its customer, and a while after it has ended."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from audit import services as audit
from bookings.services.customers import StillNeeded
from messaging import services as messaging
from waitlist.models import Offer, Wish, WishStatus

#: So long an ended wish can be read, by the team on its list and by its person behind their link.
KEPT = timedelta(days=30)
BATCH = 500
GONE = "Somebody who waited"


def to_forget(*, now):
    """The wishes that ended long ago: booked, left, taken off or over."""
    return Wish.objects.filter(ended_at__lt=now - KEPT)


@transaction.atomic
def forget_ended(*, now):
    """Delete them with their offers, and take who it was out of the messages and the trail; returns how many.

    A visit that came of one stays the salon's like any other.
    """
    wishes = list(to_forget(now=now).select_for_update(skip_locked=True).order_by("ended_at", "pk")[:BATCH])
    for wish in wishes:
        contacts = frozenset(filter(None, [wish.email, str(wish.phone)]))
        _delete([wish], whom=True, words=audit.Words(names=frozenset([wish.name]), contacts=contacts, instead=GONE))
    return len(wishes)


def forget(*, person):
    """Delete the person's wishes in the caller's transaction. Raises StillNeeded while a time is kept for them."""
    theirs = Q(pk__in=[])
    for email in person.emails:
        theirs |= Q(email__iexact=email)
    for phone in person.phones:
        theirs |= Q(email="", phone=phone)
    wishes = list(Wish.objects.select_for_update().filter(theirs))
    if any(wish.status == WishStatus.OFFERED for wish in wishes):
        raise StillNeeded("A time is being kept for them from the waiting list. Take them off the list first.")
    _delete(wishes, person.words)


def _delete(wishes, words, whom=False):
    pks = [wish.pk for wish in wishes]
    offers = list(Offer.objects.filter(wish__in=pks).values_list("pk", flat=True))
    messaging.forget(about=[*pks, *offers], whom=whom)
    audit.forget(subjects={"waitlist.wish": pks}, words=words, emptied=("waitlist.wish",))
    Wish.objects.filter(pk__in=pks).delete()
