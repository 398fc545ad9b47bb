"""Members who turn out to be one person, or who ask to be forgotten."""

from django.db.models import Q

from audit import services as audit
from audit.actors import SYSTEM
from bookings.services.customers import StillNeeded
from memberships.models import LIVING, Membership, MembershipGrant, MembershipState
from memberships.services import status
from messaging import services as messaging


def join_customers(*, customer, merged):
    """What was `merged`'s is `customer`'s."""
    Membership.objects.filter(customer=merged).update(customer=customer)


def forget(*, person):
    """Empty what says who was a member, in the caller's transaction; amounts and dates stay.

    Raises StillNeeded while one is living: its money would go on being charged for nobody.
    """
    theirs = Q(customer=person.customer)
    for email in person.emails:
        theirs |= Q(email__iexact=email)
    rows = list(Membership.objects.select_for_update(of=("self",)).filter(theirs).order_by("pk"))
    if any(row.state in LIVING for row in rows):
        raise StillNeeded("They have a membership. End it first, then erase.")
    for row in rows:
        if row.state == MembershipState.PENDING:
            status.move(row, to=MembershipState.CANCELLED, by=SYSTEM, now=person.at)
    ids = [row.pk for row in rows]
    Membership.objects.filter(pk__in=ids).update(name=person.words.instead, email="", consent_address=None)
    grants = list(MembershipGrant.objects.filter(membership__in=ids).values_list("pk", flat=True))
    messaging.forget(about=[*ids, *grants])
    audit.forget(subjects={"memberships.membership": ids}, words=person.words)
