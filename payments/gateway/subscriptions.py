"""Monthly prices, subscriptions and their invoices: on the platform's own account, or on a salon's where `account` is one."""

from dataclasses import dataclass
from datetime import UTC, datetime

from payments.gateway.calling import call, client, every, plain
from payments.gateway.checkout import id_of
from payments.gateway.errors import GatewayError, GatewayUnavailable
from payments.gateway.invoices import paid_by
from tenants.money import Money

ENDED = ("canceled", "incomplete_expired")
#: An answer with everything `Subscription` needs.
EXPAND = ["latest_invoice", "default_payment_method", "customer.invoice_settings.default_payment_method"]
PAUSE_REASON = "pause_reason"


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription as Stripe has it now. `status` is Stripe's; `paused` says that it makes no invoices.

    `invoice_id` is the latest invoice, `invoice_url` its page where it is open and can be paid.
    """

    id: str
    status: str
    customer_id: str
    price_cents: int
    period_ends_at: datetime
    trial_ends_at: datetime | None
    cancel_at: datetime | None
    canceled_at: datetime | None
    paused: bool
    pause_reason: str
    resumes_at: datetime | None
    invoice_id: str
    invoice_url: str
    card_brand: str
    card_last4: str
    metadata: dict

    @property
    def ended(self):
        return self.status in ENDED

    @property
    def has_card(self):
        return bool(self.card_last4)


@dataclass(frozen=True, slots=True)
class PeriodInvoice:
    """One invoice of a subscription and the period it pays for. `url` is its page while it is open and can be paid."""

    id: str
    status: str
    amount: Money
    payment_intent_id: str
    period_starts_at: datetime
    period_ends_at: datetime
    url: str

    @property
    def paid(self):
        return self.status == "paid"


def ensure_price(*, lookup_key, product, amount, account=""):
    """The id of the monthly price with this lookup key, made if there is none: Stripe itself keeps the key unique."""
    found = _price(lookup_key, account)
    if found is None:
        try:
            found = _create_price(lookup_key, product, amount, account)
        except GatewayUnavailable:
            raise
        except GatewayError:
            found = _price(lookup_key, account)
            if found is None:
                raise
    return found.id


def _create_price(lookup_key, product, amount, account):
    params = {
        "lookup_key": lookup_key,
        "currency": amount.currency.lower(),
        "unit_amount": amount.cents,
        "recurring": {"interval": "month"},
        "product_data": {"name": product},
    }
    return call(client().v1.prices.create, account=account, params=params)


def _price(lookup_key, account):
    wanted = {"lookup_keys": [lookup_key], "active": True}
    return next(every(client().v1.prices.list, account=account, params=wanted), None)


def create_subscription(
    *,
    customer_id,
    price_id,
    metadata,
    key,
    trial_ends_at=None,
    allow_incomplete=False,
    account="",
    fee_basis_points=0,
):
    """A monthly subscription, free until `trial_ends_at`. Without a trial it is paid at once.

    On a salon's account the platform's share of every invoice is `fee_basis_points`.

    Raises CardDeclined, and AuthenticationNeeded unless `allow_incomplete`: then it waits for the card's owner.
    """
    params = {
        "customer": customer_id,
        "items": [{"price": price_id}],
        "metadata": metadata,
        "off_session": True,
        "payment_behavior": _behavior(allow_incomplete),
        "trial_settings": {"end_behavior": {"missing_payment_method": "create_invoice"}},
        "expand": EXPAND,
    }
    params |= {"trial_end": int(trial_ends_at.timestamp())} if trial_ends_at else {}
    params |= {"application_fee_percent": fee_basis_points / 100} if fee_basis_points else {}
    return _subscription(call(client().v1.subscriptions.create, account=account, key=key, params=params))


def retrieve_subscription(*, subscription_id, account=""):
    params = {"expand": EXPAND}
    return _subscription(call(client().v1.subscriptions.retrieve, subscription_id, account=account, params=params))


def find_subscription(*, customer_id, account=""):
    """The customer's newest subscription that has not ended, or None: what a lost answer is checked against."""
    wanted = {"customer": customer_id, "status": "all"}
    for raw in every(client().v1.subscriptions.list, account=account, params=wanted):
        if raw.status not in ENDED:
            return retrieve_subscription(subscription_id=raw.id, account=account)
    return None


def end_trial(*, subscription_id, allow_incomplete=False):
    """Take the first payment now. Raises CardDeclined, and AuthenticationNeeded unless `allow_incomplete`."""
    _update(subscription_id, trial_end="now", off_session=True, payment_behavior=_behavior(allow_incomplete))


def pause_collection(*, subscription_id, reason, resumes_at=None):
    """Make no invoices, until `resumes_at` or until `resume_collection`."""
    pause = {"behavior": "void"} | ({"resumes_at": int(resumes_at.timestamp())} if resumes_at else {})
    _update(subscription_id, pause_collection=pause, metadata={PAUSE_REASON: reason})


def resume_collection(*, subscription_id):
    _update(subscription_id, pause_collection="", metadata={PAUSE_REASON: ""})


def cancel_at_period_end(*, subscription_id, wanted=True, account=""):
    """Let it end with the period that is paid for, or not after all."""
    _update(subscription_id, account=account, cancel_at_period_end=wanted)


def cancel_now(*, subscription_id, account=""):
    """End it. Its open invoices stay open: `void_invoice`."""
    call(client().v1.subscriptions.cancel, subscription_id, account=account)


def pay_invoice(*, invoice_id, account=""):
    """Try the card on file. Raises CardDeclined, AuthenticationNeeded; a paid invoice stays paid."""
    call(client().v1.invoices.pay, invoice_id, account=account, params={"off_session": True})


def void_invoice(*, invoice_id, account=""):
    """Nobody can pay it any more. Raises GatewayError where it is paid already."""
    call(client().v1.invoices.void_invoice, invoice_id, account=account)


def list_period_invoices(*, subscription_id, account=""):
    """All invoices of a subscription (`PeriodInvoice`), newest first."""
    wanted = {"subscription": subscription_id, "expand": ["data.payments"]}
    return [_period_invoice(raw) for raw in every(client().v1.invoices.list, account=account, params=wanted)]


def _update(subscription_id, account="", **params):
    call(client().v1.subscriptions.update, subscription_id, account=account, params=params)


def _behavior(allow_incomplete):
    return "allow_incomplete" if allow_incomplete else "error_if_incomplete"


def _subscription(raw):
    card, invoice, item = _card(raw), raw.latest_invoice, raw["items"].data[0]
    return Subscription(
        id=raw.id,
        status=raw.status,
        customer_id=id_of(raw.customer),
        price_cents=item.price.unit_amount,
        period_ends_at=instant(item.current_period_end),
        trial_ends_at=instant(raw.trial_end),
        cancel_at=instant(raw.cancel_at),
        canceled_at=instant(raw.ended_at or raw.canceled_at),
        paused=raw.pause_collection is not None,
        pause_reason=plain(raw.metadata).get(PAUSE_REASON, ""),
        resumes_at=instant(raw.pause_collection.resumes_at) if raw.pause_collection else None,
        invoice_id=invoice.id if invoice else "",
        invoice_url=(invoice.hosted_invoice_url or "") if invoice and invoice.status == "open" else "",
        card_brand=card.brand if card else "",
        card_last4=card.last4 if card else "",
        metadata=plain(raw.metadata),
    )


def _period_invoice(raw):
    # An invoice's own period is the one before it; what it pays for stands on its line.
    period = raw.lines.data[0].period
    return PeriodInvoice(
        id=raw.id,
        status=raw.status,
        amount=Money(raw.amount_paid, raw.currency.upper()),
        payment_intent_id=paid_by(raw),
        period_starts_at=instant(period.start),
        period_ends_at=instant(period.end),
        url=(raw.hosted_invoice_url or "") if raw.status == "open" else "",
    )


def _card(raw):
    method = raw.default_payment_method or raw.customer.invoice_settings.default_payment_method
    return method.card if method else None


def instant(stamp):
    """Stripe's seconds as an aware instant; None stays None."""
    return datetime.fromtimestamp(stamp, UTC) if stamp else None
