"""What the diary does when something happens elsewhere."""

from contextlib import suppress

from django.dispatch import receiver
from django_tenants.utils import tenant_context

from accounts.signals import member_joined
from audit import actors
from bookings.models import TeamMember
from bookings.services import team
from tenants.errors import DomainError


@receiver(member_joined)
def give_the_person_their_login(*, user, business, address, at, **rest):
    """Who was invited by the address that stands beside them in the diary is that person, if nobody else is yet."""
    with tenant_context(business):
        found = list(TeamMember.objects.filter(email__iexact=user.email, user_id=None)[:2])
        if len(found) == 1 and not TeamMember.objects.filter(user_id=user.pk).exists():
            with suppress(DomainError):  # joining the team is what was asked for
                team.change_member(member=found[0], fields={"user_id": user.pk}, by=actors.user(user, address), now=at)
