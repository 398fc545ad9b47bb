"""A customer is forgotten: so is what they were waiting for."""

from django.db.models import Q

from audit import services as audit
from bookings.services.customers import StillNeeded
from messaging import services as messaging
from waitlist.models import Offer, Wish, WishStatus


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
    pks = [wish.pk for wish in wishes]
    messaging.forget(about=list(Offer.objects.filter(wish__in=pks).values_list("pk", flat=True)))
    audit.forget(subjects={"waitlist.wish": [str(pk) for pk in pks]}, words=person.words, emptied=("waitlist.wish",))
    Wish.objects.filter(pk__in=pks).delete()
