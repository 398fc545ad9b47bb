"""One verb at a time on a membership."""

from memberships.models import Membership
from memberships.services.errors import CardRefused, MembershipBusy, NotPossible, PaymentsAway
from payments import leasing


def working_on(membership):
    """Have a membership for oneself. Raises MembershipBusy, PaymentsAway, CardRefused, NotPossible."""
    return leasing.working_on(
        Membership.objects.filter(pk=membership.pk),
        busy=MembershipBusy(),
        away=PaymentsAway(),
        declined=CardRefused(),
        refused=NotPossible("The payment service did not accept this. Please look at the membership again."),
    )
