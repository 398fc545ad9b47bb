"""The pack in sentences: (title, lines) of each section, the same for paper and for Stripe. A line is (label, text)."""

import zoneinfo
from datetime import datetime

from bookings import words
from payments.models import LedgerKind
from payments.wording import BRANDS
from tenants.money import Money

MOVED = {
    LedgerKind.CAPTURE: "taken from the card",
    LedgerKind.REFUND: "given back to the card",
    LedgerKind.REFUND_FAILED: "came back: the bank refused the refund",
    LedgerKind.DISPUTE: "taken back by the bank",
    LedgerKind.DISPUTE_WON: "returned by the bank",
}
#: what a payment is made of, and what went back of it
PARTS = (
    ("Price or fee", "amount_cents"),
    ("Tip", "tip_cents"),
    ("Discount", "discount_cents"),
    ("By gift card", "gift_cents"),
    ("By card", "captured_cents"),
    ("At the salon", "cash_cents"),
    ("Let go", "waived_cents"),
    ("Back to the card", "refunded_cents"),
    ("Back to the gift card", "gift_restored_cents"),
)


def sections(pack):
    """(title, [(label, text)]) in the order a stranger reads them; sections with nothing to say are left out."""
    zone = zoneinfo.ZoneInfo(pack.diary.zone)

    def at(instant):
        if instant is None:
            return "–"
        wall = instant.astimezone(zone)
        return f"{words.short_date(wall.date())} {wall.year}, {words.clock(wall)} {wall.tzname()}"

    found = (
        ("The dispute", [line for dispute in pack.disputes for line in _dispute(dispute, at)]),
        ("The salon", _salon(pack.salon)),
        ("The visit", _visit(pack.diary, at)),
        ("The customer", _customer(pack.diary)),
        ("What the customer agreed to", agreement(pack.diary.agreement, at)),
        ("The card", _card(pack.card, at)),
        ("What was paid", [line for payment in pack.payments for line in _payment(payment, at)]),
        ("What moved", [(at(entry["at"]), _movement(entry)) for entry in pack.ledger]),
        ("Check-in log", [(at(act.at), _act(act, pack.diary)) for act in pack.diary.arrivals]),
        ("History", [(at(act.at), _act(act, pack.diary)) for act in pack.diary.history]),
        ("Messages sent", [line for mail in pack.messages for line in _message(mail, at)]),
    )
    return [(title, lines) for title, lines in found if lines]


def money(row, name):
    return str(Money(row[name], row["currency_code"]))


def _dispute(dispute, at):
    return [
        ("Disputed", f"{money(dispute, 'amount_cents')}, {dispute['reason'].replace('_', ' ') or 'no reason given'}"),
        ("Opened", at(dispute["opened_at"])),
        ("Answer by", at(dispute["evidence_due_at"])),
        ("Dispute", f"{dispute['id']} about charge {dispute['charge']}"),
    ]


def _salon(salon):
    return [
        ("Name", salon["name"]),
        *([("Legal name", salon["legal_name"])] if salon["legal_name"] else []),
        *([("Address", ", ".join(salon["address"]))] if salon["address"] else []),
        *[(label, salon[name]) for label, name in (("E-mail", "email"), ("Phone", "phone")) if salon[name]],
        ("Website", salon["website"]),
    ]


def _visit(diary, at):
    return [
        ("Confirmation number", diary.confirmation_number),
        ("Service", diary.service),
        *[("Part", part) for part in diary.parts],
        ("From", at(diary.start_at)),
        ("Until", at(diary.end_at)),
        ("Price agreed", str(Money(diary.price_cents, diary.currency_code))),
        ("State", diary.status.replace("_", " ")),
        ("Booked", at(diary.booked_at)),
        *([("Booked from", diary.booked_from)] if diary.booked_from else []),
    ]


def _customer(diary):
    told = (("Name", diary.customer_name), ("E-mail", diary.customer_email), ("Phone", diary.customer_phone))
    return [(label, text) for label, text in told if text]


def agreement(agreed, at):
    """What was agreed to, when and from where; nothing where staff took the booking."""
    if agreed is None:
        return []
    return [
        ("Agreed", at(agreed.agreed_at)),
        *([("From address", agreed.address)] if agreed.address else []),
        *[("On the page", sentence) for sentence in agreed.shown],
        *[("In force", sentence) for sentence in agreed.in_force if sentence not in agreed.shown],
        *[(title, text) for title, text in agreed.texts],
        ("Version of the terms", agreed.digest),
    ]


def _card(card, at):
    if not card:
        return []
    brand = BRANDS.get(card["brand"], card["brand"].title())
    return [
        ("Card", f"{brand} •••• {card['last4']}, expires {card['expires'] or '–'}"),
        ("Saved by the customer", at(card["saved_at"])),
    ]


def _payment(payment, at):
    lines = [(label, money(payment, name)) for label, name in PARTS if payment[name]]
    charge = [("Charge", f"{payment['charge']} of {payment['payment_intent']}")] if payment["charge"] else []
    return [("Payment", payment["status"].replace("_", " ")), *lines, ("Settled", at(payment["settled_at"])), *charge]


def _movement(entry):
    return f"{money(entry, 'amount_cents')} {MOVED[entry['kind']]} ({entry['stripe_id']})"


def _act(act, diary):
    """`Booking checked in by Ann from 198.51.100.7 (status: checked in)`"""
    currency = act.after.get("currency_code", diary.currency_code)
    changed = ", ".join(_changed(name, act.after[name], currency) for name in act.after if name != "currency_code")
    place = f" from {act.address}" if act.address else ""
    what = act.action.replace(".", " ").replace("_", " ").capitalize()
    return f"{what} by {act.who or 'Tithi'}{place}{f' ({changed})' if changed else ''}"


def _changed(name, value, currency):
    if name.endswith("_cents") and isinstance(value, int):
        return f"{name.removesuffix('_cents').replace('_', ' ')}: {Money(value, currency)}"
    return f"{name.replace('_', ' ')}: {str(value)[:200].replace('_', ' ')}"


def _message(mail, at):
    sent = f"sent {at(mail['sent_at'])}" if isinstance(mail["sent_at"], datetime) else mail["status"]
    return [(f"To {mail['to']}", f"{mail['subject']} ({sent})"), ("", mail["text"].strip())]
