"""A plan as the billing page shows it: ready words and which buttons there are."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from payments.connect import rules as connect_rules
from payments.subscriptions import queries, words
from payments.subscriptions.notices import about_cards
from tenants.models import PauseReason, SubscriptionStatus
from tenants.money import Money

TRIAL, ACTIVE, PAST_DUE, PAUSED, CANCELED = SubscriptionStatus


@dataclass(frozen=True, slots=True)
class Button:
    """Where it leads, what it says, how it looks (see `components/button.html`)."""

    url: str
    text: str
    kind: str = ""


def choice(business):
    """A location to choose."""
    return {"salon": business, "state": words.state(business.billing), "sentence": sentence(business, business.billing)}


def sentence(business, billing):
    return words.sentence(billing, business.zone)


def price(billing):
    """What the plan costs a month."""
    return Money(billing.subscription_price_cents, "USD")


def page(business):
    """The context of the billing page and of the questions behind its buttons."""
    billing = business.billing
    return {
        "salon": business,
        "billing": billing,
        "state": words.state(billing),
        "sentence": sentence(business, billing),
        "lines": _lines(business, billing),
        **_buttons(business, billing),
        "notice": about_cards(business),
        "invoices": [_invoice(line, business.zone) for line in queries.invoices_of(billing)],
        "connect_sentence": connect_rules.sentence(billing.restricted_reason),
        "cancel_warning": words.CANCEL_WARNING,
        "cancel_date": _date(billing.next_billing_at, business.zone),
        "pause_days": settings.SUBSCRIPTION_LONGEST_PAUSE.days,
    }


def _lines(business, billing):
    """(what, value) of the plan."""
    rows = [
        ("Price", f"{price(billing)} a month for this location"),
        ("Card", billing.card_label or "None yet"),
        ("Next invoice", _date(billing.next_billing_at, business.zone)),
        ("Ends", _date(None if billing.subscription_status == CANCELED else billing.cancel_at, business.zone)),
    ]
    return [(what, value) for what, value in rows if value]


def _date(at, zone):
    return words.day(at, zone) if at else ""


def _invoice(line, zone):
    word = words.INVOICES.get(line.status, line.status.title())
    return {"number": line.number, "date": words.day(line.at, zone), "total": line.total, "word": word, "url": line.url}


def _buttons(business, billing):
    """What the owner can do now, in the order it is shown."""
    status, called_off = billing.subscription_status, bool(billing.cancel_at)
    found = [_main(billing)] if _main(billing) else []
    if billing.stripe_customer_id and status != CANCELED:
        found.append(("card", "Change the card" if billing.card_label else "Add a card", "quiet"))
    if billing.stripe_customer_id:
        found.append(("portal", "Cards and invoices at Stripe", "quiet"))
    links = []
    if status in (TRIAL, ACTIVE) and billing.subscription_id and not called_off:
        links.append(("pause", "Pause billing"))
    if status != CANCELED and not called_off:
        links.append(("cancel", "Cancel the plan"))
    return {
        "buttons": [Button(_url(name, business), text, kind) for name, text, kind in found],
        "links": [Button(_url(name, business), text) for name, text in links],
    }


def _main(billing):
    """(name, words, look) of what the owner most probably wants, or None."""
    status = billing.subscription_status
    if billing.cancel_at and status != CANCELED:
        return ("keep", "Keep the plan", "main")
    if status == TRIAL and not billing.trial_ends_at:
        return ("start", "Start the free trial", "main")
    if status == PAUSED and billing.pause_reason == PauseReason.OWNER:
        return ("resume", "Resume billing", "main")
    words_for = {
        TRIAL: "Start paying now",
        PAST_DUE: "Pay the invoice now",
        PAUSED: "Pay the invoice and open again",
        CANCELED: "Start again",
    }
    look = "soft" if status == TRIAL and billing.card_label else "main"
    return ("activate", words_for[status], look) if status in words_for else None


def _url(name, business):
    return reverse(f"billing:{name}", args=[business.pk])
