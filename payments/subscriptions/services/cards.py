"""The card a plan is paid with: left on Stripe's page, accepted once, changed in Stripe's portal."""

from payments import gateway
from payments.subscriptions.services.errors import NothingToManage, PageNotDone
from payments.subscriptions.services.leases import working_on
from payments.subscriptions.services.payers import ensure_customer
from payments.subscriptions.services.reading import billing_of, refresh
from payments.subscriptions.services.verbs import Outcome, begin_paying

ACTIVATE = "activate"
ACCEPTED = "accepted"


def open_card_page(*, business, success_url, cancel_url, activate):
    """A page of Stripe's where the owner leaves a card (a `gateway.HostedPage`), to pay from then on with `activate`.

    `success_url` may contain `{CHECKOUT_SESSION_ID}`. Raises PlanBusy, PlanUnavailable, WrongState.
    """
    with working_on(business):
        return gateway.create_card_page(
            customer_id=ensure_customer(business),
            success_url=success_url,
            cancel_url=cancel_url,
            metadata={"tenant": business.schema_name, "then": ACTIVATE if activate else ""},
        )


def accept_card(*, business, page_id, by, now):
    """Use the card that was left on a page from now on, and pay with it if that is what the page was opened for.

    A page counts once: going back to it later brings neither an old card nor a plan that was called off. Returns an
    Outcome. Raises PageNotDone, CardRefused, PlanBusy, PlanUnavailable, WrongState.
    """
    with working_on(business):
        billing, page = billing_of(business), gateway.retrieve_card_page(page_id=page_id)
        mine = page.customer_id == billing.stripe_customer_id and page.metadata.get("tenant") == business.schema_name
        if not mine or not page.payment_method_id:
            raise PageNotDone
        if page.metadata.get(ACCEPTED):
            return Outcome(refresh(business=business, now=now, by=by))
        gateway.set_card(customer_id=page.customer_id, payment_method_id=page.payment_method_id)
        # Before money moves: a page that has paid once, or was declined, never pays again by being looked at.
        gateway.mark_card_page(page_id=page_id, **{ACCEPTED: "yes"})
        if page.metadata.get("then") == ACTIVATE:
            return begin_paying(business, by, now)
        return Outcome(refresh(business=business, now=now, by=by))


def open_portal(*, business, return_url):
    """The address of Stripe's billing portal for the salon. Raises NothingToManage, PlanBusy, PlanUnavailable."""
    customer_id = billing_of(business).stripe_customer_id
    if not customer_id:
        raise NothingToManage
    with working_on(business):
        return gateway.create_portal_link(customer_id=customer_id, return_url=return_url)
