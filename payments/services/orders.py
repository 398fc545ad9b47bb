"""Gift cards and packages sold on the booking site: an order, a page of Stripe's, and the card once Stripe has the money.

The card is issued by whoever learns of the payment first: the buyer's return, Stripe's event, or the sweep. Each of
them asks Stripe, locks the order and looks whether it was done; the card has the order's id, the ledger's entry the
charge's, so that twice is refused by the tables too.
"""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from hashlib import sha256

import structlog
from django.conf import settings
from django.db import connection, transaction

from audit import actors
from giftcards import queries as giftcard_queries
from giftcards import rules
from giftcards import services as giftcards
from giftcards.models import PaidBy
from payments import amounts, gateway, receipts, selling
from payments.models import GiftCardOrder, LedgerKind, OrderStatus
from payments.services import recording
from tenants.errors import DomainError

logger = structlog.get_logger("tithi.payments")

#: Stripe closes its page after a day.
PAGE_LIVES = timedelta(days=1)
#: From then on the sweep asks: whoever pays is usually back by then.
PATIENCE = timedelta(minutes=5)
AT_ONCE = 100


class NotSold(DomainError):
    code = "gift_cards_not_sold"
    status = 404
    message = "This salon sells no gift cards online."


class AmountNotSold(DomainError):
    code = "gift_card_amount"
    status = 422


class PackageNotOnOffer(giftcards.PackageNotSold):
    """Not of this salon, not sold online, or changed while somebody was looking at it."""

    code = "package_not_on_offer"
    message = "This package has changed in the meantime, or is not sold any more. Please look at it again."


class PageMismatch(DomainError):
    """Stripe's page is not this order's: another salon, another order or another amount. Nothing is issued."""

    code = "order_mismatch"
    status = 409
    message = "This payment belongs to something else."


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody buys, as they typed it; validated by the form. Without a recipient the card is the buyer's."""

    amount_cents: int
    buyer_name: str
    buyer_email: str
    recipient_name: str = ""
    recipient_email: str = ""
    message: str = ""
    deliver_on: date | None = None


def place(*, business, wish, form_key):
    """The order of a form: sent twice it is one, sent again with other words it is another one.

    Nothing is charged. Raises NotSold, AmountNotSold.
    """
    if not business.sells_gift_cards:
        raise NotSold
    sold = selling.amounts_for(business.currency_code)
    if not sold.least.cents <= wish.amount_cents <= sold.most.cents:
        raise AmountNotSold(f"Choose an amount from {sold.least} to {sold.most}.")
    return _ordered(business, form_key, asdict(wish))


def sells_packages(business):
    """Whether customers can buy packages by themselves."""
    return giftcard_queries.packages_on_offer(business=business).exists()


def can_be_bought(business, package):
    """Whether Stripe takes the price of a package."""
    currency, cents = business.currency_code, package.price_cents
    return amounts.least(currency) <= cents <= amounts.MOST and not cents % amounts.step(currency)


def place_package(*, business, package, wish, form_key, seen):
    """The order of a package, as `place`: `wish.amount_cents` is its price, and `seen` its `version` as the buyer saw it.

    What the package is now is kept with it. Nothing is charged. Raises NotSold, PackageNotOnOffer.
    """
    if not business.billing.charges_enabled:
        raise NotSold("This salon sells no packages online.")
    package = giftcard_queries.packages_on_offer(business=business).filter(pk=package.pk).first()
    if package is None or not can_be_bought(business, package):
        raise PackageNotOnOffer
    if (package.version, package.price_cents) != (seen, wish.amount_cents):
        raise PackageNotOnOffer
    kept = {
        "package_id": package.pk,
        "package_title": package.title,
        "package_visits": package.visits,
        "package_services": package.service_ids,
        "package_months": package.valid_months,
    }
    return _ordered(business, form_key, asdict(wish) | kept)


def _ordered(business, form_key, words):
    order, _ = GiftCardOrder.objects.get_or_create(
        form_key=sha256(repr((form_key, sorted(words.items()))).encode()).hexdigest(),
        defaults=words
        | {"currency_code": business.currency_code, "stripe_account_id": business.billing.stripe_account_id},
    )
    return order


def payment_page(*, order, success_url, cancel_url):
    """The address of Stripe's page where the order is paid; "" where there is nothing to pay any more.

    One order has one page: two pages could both be paid. Stripe knows the request by the order's id and answers a
    repeated one with the page it made. Raises gateway.GatewayError.
    """
    if order.status != OrderStatus.CREATED:
        return ""
    if order.checkout_session_id:
        return gateway.retrieve_payment_page(page_id=order.checkout_session_id, account=order.stripe_account_id).url
    page = gateway.create_payment_page(
        amount=order.amount,
        label=order.package_title or "Gift card",
        success_url=success_url,
        cancel_url=cancel_url,
        metadata=_metadata(order),
        key=f"gift-card-order-{order.pk}",
        account=order.stripe_account_id,
        email=order.buyer_email,
        fee_cents=amounts.platform_fee(
            card_cents=order.amount_cents,
            currency=order.currency_code,
            basis_points=settings.APPLICATION_FEE_BASIS_POINTS,
        ),
    )
    GiftCardOrder.objects.filter(pk=order.pk).update(checkout_session_id=page.id)
    return page.url


def fulfil(*, order, business, now):
    """Ask Stripe about an order's page and do what follows: issue the card of a paid one, end one that ran out.

    Whoever asks, and however often, there is one card, one line in the ledger, one receipt and one mail to the
    recipient. Raises PageMismatch, gateway.GatewayError.
    """
    if order.card_id or not order.checkout_session_id:
        return order
    page = gateway.retrieve_payment_page(page_id=order.checkout_session_id, account=order.stripe_account_id)
    if not (page.paid or page.status == "expired"):
        return order
    if page.metadata != _metadata(order) or page.amount != order.amount:
        raise PageMismatch
    if not page.paid:
        return _expire(order)
    found = gateway.retrieve_payment(account=order.stripe_account_id, payment_intent_id=page.payment_intent_id)
    if found.captured_cents != order.amount_cents:
        raise PageMismatch
    order = _issue(order, found, business=business, now=now)
    if found.refunded_cents:
        from payments.services import events  # it calls this module: the import would be circular

        events.refresh_order_refunds(order=order)  # went back before we had heard that it came
        order.refresh_from_db()
    return order


def page_changed(*, business, page_id, now):
    """Stripe tells of one of its pages. One that is no order's, or of another account, is left alone."""
    order = GiftCardOrder.objects.filter(
        checkout_session_id=page_id, stripe_account_id=business.billing.stripe_account_id
    ).first()
    if order:
        fulfil(order=order, business=business, now=now)


def finish_open_orders(*, business, now):
    """Ask about orders whose buyer did not come back and whose event did not arrive; end those nobody can pay any more."""
    open_orders = waiting(now=now)
    open_orders.filter(checkout_session_id=None).update(status=OrderStatus.EXPIRED)
    for order in open_orders.exclude(checkout_session_id=None).order_by("created_at")[:AT_ONCE]:
        try:
            fulfil(order=order, business=business, now=now)
        except (gateway.GatewayError, PageMismatch):
            logger.exception("gift_card_order_not_finished", order_id=str(order.pk))


def waiting(*, now):
    """The orders `finish_open_orders` would ask about, or end."""
    open_orders = GiftCardOrder.objects.filter(status=OrderStatus.CREATED, created_at__lt=now - PATIENCE)
    return open_orders.exclude(checkout_session_id=None, created_at__gte=now - PAGE_LIVES)


@transaction.atomic
def _issue(order, found, *, business, now):
    order = GiftCardOrder.objects.select_for_update(no_key=True).get(pk=order.pk)
    if order.card_id:
        return order
    order.card = giftcards.issue(
        card_id=order.pk,
        **_worth(order, found, business, now),
        buyer_name=order.buyer_name,
        recipient_name=order.recipient_name,
        recipient_email=order.recipient_email,
        message=order.message,
        deliver_on=order.deliver_on,
        by=actors.customer(order.buyer_name),
        now=now,
    )
    order.status, order.paid_at = OrderStatus.PAID, now
    order.payment_intent_id, order.charge_id = found.id, found.charge_id
    order.captured_cents, order.application_fee_cents = found.captured_cents, found.application_fee_cents
    order.save()
    recording.write_entry(
        kind=LedgerKind.CAPTURE,
        stripe_id=found.charge_id,
        at=now,
        amount_cents=found.captured_cents,
        application_fee_cents=found.application_fee_cents,
        currency_code=order.currency_code,
        stripe_account_id=order.stripe_account_id,
        payment_intent_id=found.id,
        order=order,
    )
    receipts.queue_order_receipt(order=order, business=business, now=now)
    giftcards.deliver_if_due(card=order.card, business=business, now=now)
    return order


def _worth(order, found, business, now):
    """What the card is worth: the amount that was paid, or the package as it was ordered."""
    today = now.astimezone(business.zone).date()
    if not order.package_id:
        last_day = rules.last_day(today, business.gift_card_months)
        return {
            "amount_cents": found.captured_cents,
            "currency_code": order.currency_code,
            "expiration_date": last_day,
        }
    return {
        "title": order.package_title,
        "discount_percent": giftcards.WHOLE,
        "usage_limit": order.package_visits,
        "service_ids": order.package_services,
        "price_cents": found.captured_cents,
        "currency_code": order.currency_code,
        "expiration_date": rules.last_day(today, order.package_months),
        "package": order.package,
        "paid_by": PaidBy.ONLINE,
    }


def _expire(order):
    GiftCardOrder.objects.filter(pk=order.pk, status=OrderStatus.CREATED).update(status=OrderStatus.EXPIRED)
    order.refresh_from_db()
    return order


def _metadata(order):
    return {"tenant": connection.schema_name, "order_id": str(order.pk)}
