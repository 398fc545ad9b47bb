"""What the diary does when something happens elsewhere."""

from contextlib import suppress

from django.db.models import Q
from django.dispatch import receiver
from django_tenants.utils import tenant_context

from accounts.signals import member_joined
from audit import actors
from bookings.models import Customer, TeamMember
from bookings.services import customers, team
from messaging.models import Channel
from messaging.signals import subscribed_again, unsubscribed
from tenants.errors import DomainError


@receiver(member_joined)
def give_the_person_their_login(*, user, business, address, at, **rest):
    """Who was invited by the address that stands beside them in the diary is that person, if nobody else is yet."""
    with tenant_context(business):
        found = list(TeamMember.objects.filter(email__iexact=user.email, user_id=None)[:2])
        if len(found) == 1 and not TeamMember.objects.filter(user_id=user.pk).exists():
            with suppress(DomainError):  # joining the team is what was asked for
                team.change_member(member=found[0], fields={"user_id": user.pk}, by=actors.user(user, address), now=at)


@receiver(unsubscribed)
def take_back_the_consent(*, channel, address, at, **rest):
    """Who pressed the way out of advertising wants none, whatever they had ticked when booking."""
    for customer in _whose(channel, address):
        customers.withdraw_consent(customer=customer, by=actors.customer(customer.display_name), now=at)


@receiver(subscribed_again)
def note_the_consent(*, channel, address, at, **rest):
    """The button says what it does: that is a consent."""
    for customer in _whose(channel, address):
        customers.renew_consent(customer=customer, by=actors.customer(customer.display_name), now=at)


def _whose(channel, address):
    by_mail = Q(email__iexact=address) | Q(former__email__iexact=address)
    found = Customer.objects.filter(by_mail if channel == Channel.EMAIL else Q(phone=address), erased_at=None)
    # In one order for everybody: two presses at once wait for each other.
    return found.order_by("pk").distinct()
