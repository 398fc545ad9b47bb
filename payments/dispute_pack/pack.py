"""The pack itself: plain values. Instants are aware UTC."""

import re
from dataclasses import dataclass
from datetime import datetime

from bookings import queries as bookings
from messaging.models import Message
from payments import queries
from payments.models import Dispute, LedgerEntry, MoneyAction, Payment

#: Links in mails carry signed keys of their own: a bank has no use for them.
LINK = re.compile(r"https?://\S+")
PARTS = (
    "amount_cents",
    "tip_cents",
    "discount_cents",
    "gift_cents",
    "captured_cents",
    "cash_cents",
    "waived_cents",
    "refunded_cents",
    "gift_restored_cents",
    "application_fee_cents",
)


@dataclass(frozen=True, slots=True)
class Pack:
    """`diary` is `bookings.queries.Evidence`; the rest are dictionaries and lists of them, oldest first."""

    made_at: datetime
    salon: dict
    diary: object
    card: dict
    payments: list
    presses: list
    ledger: list
    disputes: list
    messages: list

    def as_json(self):
        """Ready for JSON; instants as ISO."""
        values = {name: getattr(self, name) for name in Pack.__slots__ if name != "diary"}
        return _plain(values | {"diary": self.diary.as_json()})


def pack_of(*, business, booking, now):
    """The Pack of one booking. How many queries does not depend on what happened."""
    actions = list(MoneyAction.objects.filter(booking=booking).order_by("created_at"))
    about = [booking.pk, *(action.pk for action in actions)]
    payments = Payment.objects.filter(booking=booking).order_by("created_at")
    return Pack(
        made_at=now,
        salon=_salon(business),
        diary=bookings.evidence_for(booking=booking),
        card=_card(queries.card_of(booking)),
        payments=[_payment(payment) for payment in payments],
        presses=[_press(action) for action in actions],
        ledger=[_movement(entry) for entry in LedgerEntry.objects.filter(booking=booking).order_by("at", "id")],
        disputes=[_dispute(found) for found in Dispute.objects.filter(payment__booking=booking).order_by("opened_at")],
        messages=[_message(mail) for mail in Message.objects.filter(about_id__in=about).order_by("created_at")],
    )


def _salon(business):
    return {
        "name": business.name,
        "legal_name": business.legal_name,
        "address": business.address_lines,
        "email": business.email,
        "phone": str(business.phone or ""),
        "website": business.url,
    }


def _card(setup):
    if setup is None:
        return {}
    return {
        "brand": setup.brand,
        "last4": setup.last4,
        "expires": f"{setup.exp_month:02}/{setup.exp_year}" if setup.exp_month and setup.exp_year else "",
        "saved_at": setup.succeeded_at,
    }


def _payment(payment):
    return {
        "status": payment.status,
        "currency_code": payment.currency_code,
        **{name: getattr(payment, name) for name in PARTS},
        "settled_at": payment.captured_at,
        "payment_intent": payment.provider_payment_id or "",
        "charge": payment.provider_charge_id,
        "replaced": not payment.is_current,
    }


def _press(action):
    return {
        "at": action.created_at,
        "kind": action.get_kind_display(),
        "state": action.state,
        "by": action.actor_label,
        "reason": action.reason,
        "card_cents": action.amount_cents,
        "currency_code": action.currency_code,
    }


def _movement(entry):
    return {
        "at": entry.at,
        "kind": entry.kind,
        "amount_cents": entry.amount_cents,
        "application_fee_cents": entry.application_fee_cents,
        "currency_code": entry.currency_code,
        "stripe_id": entry.stripe_id,
    }


def _dispute(found):
    return {
        "id": found.stripe_id,
        "status": found.status,
        "reason": found.reason,
        "amount_cents": found.amount_cents,
        "currency_code": found.currency_code,
        "opened_at": found.opened_at,
        "evidence_due_at": found.evidence_due_at,
        "closed_at": found.closed_at,
        "charge": found.charge_id,
    }


def _message(mail):
    return {
        "kind": mail.kind,
        "to": mail.recipient,
        "subject": mail.subject,
        "status": mail.status,
        "queued_at": mail.created_at,
        "sent_at": mail.sent_at,
        "text": LINK.sub("[link]", mail.text),
    }


def _plain(value):
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value
