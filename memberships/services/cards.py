"""The card a membership is paid with: left on Stripe's page and accepted once.

The page saves a card and charges nothing; the subscription is made by us, once. A page in `subscription` mode would make
another one for everybody who opens it in two tabs.
"""

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F

from audit.actors import SYSTEM
from bookings.models import Customer
from bookings.services import customers
from bookings.services.records import Refused
from memberships.models import Membership, MembershipState
from memberships.services import reading, status
from memberships.services.errors import AlreadyMember, CardNotLeft, NotPossible
from memberships.services.leases import working_on
from payments import gateway
from tenants.money import Money

ACCEPTED = "accepted"


def open_card_page(*, membership, business, success_url, cancel_url):
    """The address of Stripe's page where the card is left. While nothing has begun there is one page.

    Raises NotPossible where it has ended, MembershipBusy, PaymentsAway.
    """
    with working_on(membership):
        row = Membership.objects.get(pk=membership.pk)
        if row.state == MembershipState.CANCELLED:
            raise NotPossible("This membership has ended.")
        return _open_page(row) or _new_page(row, business, success_url, cancel_url)


def _open_page(row):
    if row.state != MembershipState.PENDING or not row.card_page_id:
        return ""
    return gateway.retrieve_card_page(page_id=row.card_page_id, account=row.stripe_account_id).url


def _new_page(row, business, success_url, cancel_url):
    page = gateway.create_card_page(
        customer_id=_ensure_customer(row, business),
        success_url=success_url,
        cancel_url=cancel_url,
        metadata=_metadata(row, business),
        account=row.stripe_account_id,
    )
    Membership.objects.filter(pk=row.pk).update(card_page_id=page.id)
    return page.url


def _metadata(row, business):
    return {"tenant": business.schema_name, "membership": str(row.pk)}


def _ensure_customer(row, business):
    """Each membership is a customer of its own at Stripe: who types somebody else's address reaches no card of theirs."""
    if not row.stripe_customer_id:
        made = gateway.create_customer(
            account=row.stripe_account_id,
            name=row.name,
            email=row.email,
            metadata=_metadata(row, business),
            key=f"membership-customer-{row.pk}",
        )
        Membership.objects.filter(pk=row.pk, stripe_customer_id=None).update(stripe_customer_id=made)
        row.refresh_from_db(fields=["stripe_customer_id"])
    return row.stripe_customer_id


def accept_card(*, membership, business, page_id, by, now):
    """Charge a membership to the card that was left on a page; one that has not begun begins, an unpaid one is paid.

    A page counts once: looking at it again charges nothing. Returns the Membership. Raises CardNotLeft, CardRefused,
    AlreadyMember, NotPossible, MembershipBusy, PaymentsAway.
    """
    with working_on(membership):
        row = Membership.objects.get(pk=membership.pk)
        page = gateway.retrieve_card_page(page_id=page_id, account=row.stripe_account_id)
        mine = page.customer_id == row.stripe_customer_id and page.metadata.get("membership") == str(row.pk)
        if not mine or not page.payment_method_id:
            raise CardNotLeft
        if row.state == MembershipState.CANCELLED:
            return row
        if not page.metadata.get(ACCEPTED):
            _accept(row, page, by, now)
        if row.state in (MembershipState.PENDING, MembershipState.CANCELLED):
            return row
        return _go_on(row, business, by, now, new_card=not page.metadata.get(ACCEPTED))


def _accept(row, page, by, now):
    account = row.stripe_account_id
    gateway.set_card(customer_id=page.customer_id, payment_method_id=page.payment_method_id, account=account)
    if row.state == MembershipState.PENDING:
        try:
            _claim(row, by, now)
        except AlreadyMember:
            _give_up(row, page, by, now)
            raise
    # Before money moves: a page that has paid once, or was declined, never pays again by being looked at.
    gateway.mark_card_page(page_id=page.id, account=account, **{ACCEPTED: "yes"})


@transaction.atomic
def _claim(row, by, now):
    """From here on this is the one membership of its plan and address. Whoever dies after this is taken up again."""
    fresh = status.locked(row)
    if fresh.state == MembershipState.PENDING:
        fresh.customer = customer_for(fresh, by=by, now=now)
        fresh.due_at = now
        status.move(fresh, to=MembershipState.STARTING, by=by, now=now)
    row.refresh_from_db()


def customer_for(row, *, by, now):
    """The salon's customer of this address, made if there is none. What the card says stays as it is."""
    found = _known(row.email)
    if found is None:
        try:
            with transaction.atomic():
                found = customers.add_customer(fields={"display_name": row.name, "email": row.email}, by=by, now=now)
        except (Refused, IntegrityError):  # made at this very moment
            found = _known(row.email)
    return found


def _known(email):
    rows = Customer.objects.filter(erased_at=None)
    return rows.filter(email__iexact=email).first() or rows.filter(former__email__iexact=email).first()


def _give_up(row, page, by, now):
    """There is one already: this one ends before it has begun, and its card is forgotten."""
    with transaction.atomic():
        status.move(status.locked(row), to=MembershipState.CANCELLED, by=by, now=now)
    gateway.detach_payment_method(account=row.stripe_account_id, payment_method_id=page.payment_method_id)


def _go_on(row, business, by, now, *, new_card):
    if row.state == MembershipState.STARTING:
        begin(row, business, by, now)
    elif row.state == MembershipState.PAST_DUE and new_card:
        _pay_open(row)
    return reading.refresh(membership=row, business=business, by=by, now=now)


def begin(row, business, by, now):
    """The subscription at Stripe, once: one that is there already is taken. Raises gateway.CardDeclined: it waits for
    another card then, with nothing charged."""
    if row.subscription_id:
        return
    account = row.stripe_account_id
    found = gateway.find_subscription(customer_id=row.stripe_customer_id, account=account)
    if found is None:
        try:
            found = _create(row, business)
        except gateway.GatewayError as exc:
            _not_begun(row, exc, by, now)
            raise
    Membership.objects.filter(pk=row.pk, subscription_id=None).update(subscription_id=found.id)
    row.refresh_from_db()


def _create(row, business):
    wanted = {
        "customer_id": row.stripe_customer_id,
        "price_id": gateway.ensure_price(
            lookup_key=f"membership_{row.plan_id}_{row.price_cents}_{row.currency_code}".lower(),
            product=row.plan_name,
            amount=Money(row.price_cents, row.currency_code),
            account=row.stripe_account_id,
        ),
        "metadata": _metadata(row, business),
        "account": row.stripe_account_id,
        "fee_basis_points": settings.APPLICATION_FEE_BASIS_POINTS,
    }
    try:
        return gateway.create_subscription(**wanted, key=_key(row))
    except gateway.AuthenticationNeeded:
        _next_key(row)
        return gateway.create_subscription(**wanted, allow_incomplete=True, key=_key(row))


def _key(row):
    """Stays the same while Stripe is silent, so that a lost answer is repeated and no second subscription made."""
    return f"membership-{row.pk}-{row.generation}"


def _next_key(row):
    """The old key would repeat a refusal that is stored with it."""
    Membership.objects.filter(pk=row.pk, generation=row.generation).update(generation=F("generation") + 1)
    row.refresh_from_db(fields=["generation"])


def _not_begun(row, exc, by, now):
    if isinstance(exc, gateway.GatewayUnavailable):
        if exc.answered:
            _next_key(row)
        return  # nobody knows: it is taken up again
    _next_key(row)
    with transaction.atomic():
        fresh = status.locked(row)
        fresh.card_page_id = ""
        status.move(fresh, to=MembershipState.PENDING, by=by, now=now)
    row.refresh_from_db()


def _pay_open(row):
    """Try the new card at once. What the bank wants confirmed is confirmed on the invoice's page."""
    found = gateway.retrieve_subscription(subscription_id=row.subscription_id, account=row.stripe_account_id)
    if found.invoice_url:
        try:
            gateway.pay_invoice(invoice_id=found.invoice_id, account=row.stripe_account_id)
        except gateway.AuthenticationNeeded:
            return


def resume(*, membership, business, now):
    """Take up what somebody left between card and subscription. For the sweep; raises what `accept_card` does."""
    with working_on(membership):
        row = Membership.objects.get(pk=membership.pk)
        return _go_on(row, business, SYSTEM, now, new_card=False)
