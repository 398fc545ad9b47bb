"""What customers are told about money, once per movement."""

from django.db import connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from audit.actors import Actor
from bookings import links as bookings_links
from bookings import texts, words
from bookings.mail_values import values_of
from bookings.models import Status
from giftcards import links as card_links
from giftcards import shown as cards
from messaging import files
from messaging import services as messaging
from payments import bills, links, owners, queries, receipt_paper, wording
from tenants import languages
from tenants.models import Business

#: What the salon's own words are about, where a receipt may have some: not for the fee of a cancellation.
TRIGGER = {Status.COMPLETED: "completed", Status.NO_SHOW: "no_show"}
#: What tells of money that moved: never twice, so that nobody believes that it moved twice.
RECEIPTS = frozenset({"receipt", "refunded", "order_receipt", "order_refunded"})


def register(files):
    """Tell messaging how to make the papers that go with these mails."""
    files.register("receipt", lambda pk: receipt_paper.paper_of(receipt_paper.of_action(pk)))
    files.register("order_receipt", lambda pk: receipt_paper.paper_of(receipt_paper.of_order(pk)))


def actor_of(action):
    """Whoever pressed the button, also where the act is finished in the background."""
    return Actor(label=action.actor_label or "Tithi", id=action.actor_id)


def queue_receipt(*, action, payment, now):
    """The receipt of a capture, with the parts that add up to it; one per action."""
    _queue(
        action,
        now,
        kind="receipt",
        trigger=TRIGGER.get(action.booking.status),
        amount=payment.captured,
        subject=gettext_noop("Your receipt from %(salon)s"),
        captured=payment.captured,
        card_name=lambda: bills.card_of(payment),
        lines=lambda: bills.paid(payment),
        what=lambda: wording.charged_for(action),
        is_fee=action.booking.status in bills.FEES,
    )


def queue_refund_notice(*, action, payment, now):
    _queue(
        action,
        now,
        kind="refunded",
        trigger="refunded",
        amount=action.amount,
        subject=gettext_noop("Your refund from %(salon)s"),
        payment=payment,
    )


def queue_pay_link(*, action, now, again=0):
    """The bank wants the card's owner, or the card did not do: a link to settle this payment. Returns the Message.

    `again` tells one resend from the other; the same one is sent once, and then the answer is None.
    """
    return _queue(
        action,
        now,
        kind="pay_link",
        trigger="card_needs_attention",
        amount=action.amount,
        subject=gettext_noop("%(salon)s: your card needs your attention"),
        version=again,
        what=lambda: wording.charged_for(action),
        why=lambda: wording.why_stopped(action),
    )


def queue_order_receipt(*, order, business, now):
    """A paid gift card, to whoever bought it, with the way to the card itself; one per order."""
    _send(
        business,
        kind="order_receipt",
        about_id=order.pk,
        recipient=order.buyer_email,
        subject=gettext_noop("Your package from %(salon)s")
        if order.package_title
        else gettext_noop("Your gift card from %(salon)s"),
        context={
            "business": business,
            "order": order,
            "good_for": lambda: cards.good_for(order.card),
            "good_until": lambda: cards.good_until(order.card),
            "deliver_on": lambda: words.plain_date(order.deliver_on) if order.deliver_on else "",
            "card_url": card_links.card_url(business=business, card=order.card),
        },
        now=now,
    )


def queue_hold_failed(*, hold, now):
    """The price of a near visit could not be held: the salon's owners hear of it, their customer does not."""
    business = _business()
    booking = hold.booking
    owners.queue(
        business=business,
        kind="hold_failed",
        subject=f"{business.name}: nothing could be held for {booking.contact_name}’s visit",
        context={
            "booking": booking,
            "hold": hold,
            "card": wording.card_name(queries.card_of(booking)),
            "when": words.when(booking.local_start),
        },
        version=hold.pk,
        now=now,
    )


def queue_hold_needs_customer(*, hold, now):
    """The bank wants the card's owner before money can be held: now there is time for it."""
    _tell(
        hold.booking,
        hold.pk,
        now,
        kind="hold_needs_you",
        subject=gettext_noop("%(salon)s: your bank wants you to confirm your card"),
    )


def queue_order_refund(*, action, order, now):
    """A refunded gift card, to whoever bought it."""
    business = _business()
    _send(
        business,
        kind="order_refunded",
        about_id=action.pk,
        recipient=order.buyer_email,
        subject=gettext_noop("Your refund from %(salon)s"),
        context={"business": business, "order": order, "action": action},
        now=now,
    )


def _queue(action, now, *, kind, subject, version=0, **more):
    return _tell(action.booking, action.pk, now, kind=kind, subject=subject, version=version, action=action, **more)


def _tell(booking, about_id, now, *, kind, subject, version=0, trigger=None, amount=None, **more):
    """One mail about a visit's money: in the salon's own words for `trigger`, where it has some.

    `more` is what its templates want beside the visit, functions where that is in words.
    """
    business, token = _business(), bookings_links.manage_token(booking)
    pay_url = _address(business, "payments:pay", links.pay_token(booking))
    wanted = business.languages_for(booking.language)

    def values():
        own = {"amount": str(amount), "pay_link": pay_url}
        return values_of(business=business, booking=booking, now=now) | own

    if trigger:
        once = kind in RECEIPTS
        message = {"about_id": about_id, "kind": kind, "version": version, "once": once, "now": now}
        texts.queue(booking=booking, trigger=trigger, values=values, wanted=wanted, **message)
    if not booking.contact_email:
        return None
    own = trigger and messaging.own_words(trigger=trigger, wanted=wanted, values=values)
    context = {
        "business": business,
        "booking": booking,
        "card": queries.card_of(booking),
        "day": lambda: words.plain_date(booking.local_start.date()),
        "when": lambda: words.full_when(booking.local_start),
        "manage_url": _address(business, "bookings:manage", token),
        "card_url": _address(business, "payments:card", token),
        "pay_url": pay_url,
        **more,
    }
    return _send(
        business,
        kind=kind,
        about_id=about_id,
        recipient=booking.contact_email,
        subject=subject,
        context=context,
        now=now,
        version=version,
        own=own,
        wanted=() if trigger else wanted,
    )


def _send(business, *, kind, subject, context, own=None, wanted=None, **message):
    """In the language of its words: those of `own`, else the product's in the first of the `wanted` it has some in."""
    wanted = business.languages_for() if wanted is None else wanted
    with languages.speaking(own.language if own else languages.written(wanted)):
        return messaging.queue(
            kind=kind,
            once=kind in RECEIPTS,
            attachments=_papers(kind, message["about_id"]),
            reply_to=business.email,
            subject=own.subject if own else gettext(subject) % {"salon": business.name},
            text=render_to_string(f"payments/mail/{kind}.txt", context | {"own": own}),
            html=render_to_string(f"payments/mail/{kind}.html", context | {"own": own}),
            **message,
        )


def _papers(kind, about_id):
    if kind not in RECEIPTS:
        return []
    maker = "order_receipt" if kind == "order_receipt" else "receipt"
    return [files.to_make(name="receipt.pdf", content_type="application/pdf", maker=maker, about_id=about_id)]


def _address(business, name, token):
    return business.url + reverse(name, args=[token], urlconf="config.urls_salon")


def _business():
    return Business.objects.get(schema_name=connection.schema_name)
