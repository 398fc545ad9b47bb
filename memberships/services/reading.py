"""Reading a membership at Stripe: after every event about it, once a day, and whenever something falls due."""

import structlog
from django.db import transaction

from audit.actors import SYSTEM
from memberships import rules, telling
from memberships.models import OPEN, Membership, MembershipState
from memberships.services import grants, status
from payments import gateway
from tenants import clock
from tenants.errors import DomainError
from tenants.queries import departure_of

logger = structlog.get_logger("tithi.memberships")
AT_ONCE = 200


def refresh(*, membership, business, now, by=SYSTEM):
    """Read a membership's subscription and its invoices, write down what they say, and grant what was paid.

    One whose answer was lost is found by its customer. Returns the Membership. Raises gateway.GatewayError.
    """
    row = Membership.objects.get(pk=membership.pk)
    account = row.stripe_account_id
    read_at = clock.database_now()
    if not row.subscription_id and not _adopt(row):
        return row
    found = gateway.retrieve_subscription(subscription_id=row.subscription_id, account=account)
    invoices = gateway.list_period_invoices(subscription_id=found.id, account=account)
    row = _write_down(row, business, found, invoices, read_at, by, now)
    grants.grant_paid(membership=row, business=business, invoices=invoices, now=now)
    if _follow_up(row, found, invoices, now):
        return refresh(membership=row, business=business, now=now, by=by)
    return row


def _adopt(row):
    if row.state != MembershipState.STARTING:
        return False
    found = gateway.find_subscription(customer_id=row.stripe_customer_id, account=row.stripe_account_id)
    if found is None:
        return False
    Membership.objects.filter(pk=row.pk, subscription_id=None).update(subscription_id=found.id)
    row.refresh_from_db()
    return True


@transaction.atomic
def _write_down(row, business, found, invoices, read_at, by, now):
    """Keep a reading, unless a later one is kept already."""
    row = status.locked(row)
    if row.subscription_id != found.id or (row.read_at and row.read_at >= read_at):
        return row
    before = row.state
    _copy(row, found, invoices, read_at)
    to = rules.standing(found) or MembershipState(row.state)
    row.due_at = rules.due_at(to, period_ends_at=row.period_ends_at, now=now)
    if status.move(row, to=to, by=by, now=now, at=found.canceled_at):
        telling.tell_moved(business=business, membership=row, before=before, now=now)
    return row


def _copy(row, found, invoices, read_at):
    row.read_at = read_at
    row.period_ends_at = found.period_ends_at
    row.period_starts_at = max((each.period_starts_at for each in invoices), default=row.period_starts_at)
    row.cancel_at_period_end = bool(found.cancel_at) and not found.ended
    row.card_label = f"{found.card_brand.title()} •••• {found.card_last4}" if found.has_card else ""
    row.pay_url = "" if found.ended else found.invoice_url


def _follow_up(row, found, invoices, now):
    """What follows at Stripe from where it stands; whether anything was done.

    Whoever has stopped paying is not asked for ever, and of what has ended nothing can be paid any more.
    """
    if found.id != row.subscription_id:
        return False
    account = row.stripe_account_id
    if found.ended:
        voided = [_void(each, account) for each in invoices if each.status == "open"]
        return any(voided)
    if rules.is_given_up(found, unpaid_since=row.unpaid_since, now=now):
        gateway.cancel_now(subscription_id=found.id, account=account)
        return True
    return False


def _void(invoice, account):
    try:
        gateway.void_invoice(invoice_id=invoice.id, account=account)
    except gateway.GatewayUnavailable:
        raise
    except gateway.GatewayError:  # paid at this very moment: the next reading grants it
        return False
    return True


def to_look_after(*, now):
    """The memberships `look_after` would look at."""
    return Membership.objects.filter(state__in=OPEN, due_at__lte=now)


def look_after(*, business, now):
    """Every membership that falls due, each by itself: one that cannot be read keeps the others from nothing."""
    for membership in to_look_after(now=now).order_by("due_at", "pk")[:AT_ONCE]:
        try:
            catch_up(membership=membership, business=business, now=now)
        except (DomainError, gateway.GatewayError) as exc:
            logger.warning("membership_not_read", membership=str(membership.pk), error=type(exc).__name__)
            Membership.objects.filter(pk=membership.pk).update(due_at=now + rules.HOURLY)


def catch_up(*, membership, business, now):
    """What time and lost messages have left undone. Returns the Membership."""
    from memberships.services import cards, ending  # they read, too: the import would be circular

    if membership.state == MembershipState.PENDING:
        return _look_at_page(cards, membership, business, now)
    if membership.state == MembershipState.STARTING and not membership.subscription_id:
        return cards.resume(membership=membership, business=business, now=now)
    row = refresh(membership=membership, business=business, now=now)
    if (business.has_ended or departure_of(business)) and row.is_living and not row.cancel_at_period_end:
        return ending.end_at_period_end(membership=row, business=business, by=SYSTEM, now=now)
    return row


def _look_at_page(cards, membership, business, now):
    """The card may have been left with nobody coming back; a page nobody can use any more ends it."""
    page = None
    if membership.card_page_id:
        account = membership.stripe_account_id
        page = gateway.retrieve_card_page(page_id=membership.card_page_id, account=account)
        if page.payment_method_id and not page.metadata.get(cards.ACCEPTED):
            return cards.accept_card(membership=membership, business=business, page_id=page.id, by=SYSTEM, now=now)
    with transaction.atomic():
        row = status.locked(membership)
        if row.state == MembershipState.PENDING:
            row.due_at = now + rules.HOURLY
            over = now >= row.created_at + rules.PAGE_LIVES and not (page and page.url)
            status.move(row, to=MembershipState.CANCELLED if over else row.state, by=SYSTEM, now=now)
    return row
