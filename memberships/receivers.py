"""What memberships do when Stripe tells of something, and when customers change."""

from django.dispatch import receiver
from django.utils import timezone

from audit.actors import SYSTEM
from bookings.signals import customer_erased, customers_merged, salon_shown
from bookings.views.shown import Panel
from memberships import queries, services
from memberships.models import MembershipGrant
from payments.signals import stripe_told
from tenants.errors import DomainError

DISPUTES = "charge.dispute."
SUBSCRIPTIONS = ("customer.subscription.", "invoice.")
REFUNDS = ("charge.refunded", "refund.updated", "refund.failed")
#: Refusals after which trying again may help: the inbox does.
PASSING = (services.MembershipBusy, services.PaymentsAway)


@receiver(stripe_told)
def read_again(sender, business, kind, data, **kwargs):
    """An event is a reason to read; only what is the salon's own account's is looked for."""
    if kind in REFUNDS or kind.startswith(DISPUTES):
        _money_back(business, data, services.refresh_refunds if kind in REFUNDS else services.refresh_disputes)
        return
    card_left = kind == "checkout.session.completed" and data.get("mode") == "setup"
    if not (card_left or kind.startswith(SUBSCRIPTIONS)):
        return
    account = business.billing.stripe_account_id
    membership = queries.with_account(customer_id=data.get("customer"), account=account)
    if membership is None:
        return
    if card_left:
        _accept(membership, business, data["id"])
    else:
        services.refresh(membership=membership, business=business, now=timezone.now())


def _accept(membership, business, page_id):
    """Its customer may have closed the browser; what cannot be done stands on the membership's page."""
    try:
        services.accept_card(membership=membership, business=business, page_id=page_id, by=SYSTEM, now=timezone.now())
    except PASSING:
        raise
    except DomainError:
        return


def _money_back(business, data, refresh):
    grants = MembershipGrant.objects.select_related("membership").filter(
        payment_intent_id=data.get("payment_intent") or "-",
        membership__stripe_account_id=business.billing.stripe_account_id,
    )
    if grant := grants.first():
        refresh(grant=grant, business=business, now=timezone.now())


@receiver(customers_merged)
def join_members(sender, customer, merged, at, **kwargs):
    services.join_customers(customer=customer, merged=merged)


@receiver(customer_erased)
def forget_the_member(sender, person, at, **kwargs):
    services.forget(person=person)


@receiver(salon_shown)
def show_on_the_front_page(sender, business, **kwargs):
    """What can be joined, in one query; nothing where nothing can."""
    plans = list(queries.offered(business=business))
    return Panel("memberships/_front.html", {"plans": plans}) if plans else None
