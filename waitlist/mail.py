"""What whoever waits is told, written into the outbox by the transaction that puts them on the list or makes the offer."""

from django.template.loader import render_to_string
from django.utils.translation import gettext

from bookings import itinerary, words
from bookings.models.hours import clock
from messaging import gateway
from messaging import services as messaging
from messaging.samples import salon_values
from tenants import languages
from waitlist import links, rules

TRIGGER, JOINED = "waitlist_offer", "waitlist_joined"


def queue_joined(*, business, wish, basket, now):
    """That somebody is on the list, with the link to their place: without it, whoever closes the page could not leave."""
    if not wish.email:
        return
    with languages.speaking(languages.written(business.languages_for(wish.language))):
        days = dict.fromkeys(languages.full_date(day) for day in (wish.first_date, wish.last_date))
        context = {
            "business": business,
            "name": wish.name,
            "services": languages.listed([each.name for each in basket.services]),
            "days": " – ".join(days),
            "times": ", ".join(f"{clock(start)} – {clock(end)}" for start, end in wish.windows),
            "wish_link": links.wish_url(business=business, wish=wish),
        }
        subject = gettext("You are on the waiting list of %(salon)s") % {"salon": business.name}
        _queue(JOINED, wish.pk, to=wish, subject=subject, context=context, now=now)


def queue_offer(*, business, offer, now):
    """The offer by e-mail, and as a text message where its person has agreed to any; no text wakes anybody up."""
    wish, wanted = offer.wish, business.languages_for(offer.wish.language)
    if wish.texts_agreed_at and gateway.is_on() and not rules.is_night(now, business.zone):
        messaging.queue_text(
            trigger=TRIGGER,
            recipient=str(wish.phone),
            values=lambda: values_of(business=business, offer=offer),
            wanted=wanted,
            about_id=offer.pk,
            now=now,
        )
    if not wish.email:
        return
    own = messaging.own_words(trigger=TRIGGER, wanted=wanted, values=lambda: values_of(business=business, offer=offer))
    with languages.speaking(own.language if own else languages.DEFAULT):
        values = values_of(business=business, offer=offer)
        context = {"own": own, "business": business, "wish": wish, "rule": rules.RULE, **values} | {
            "wish_link": links.wish_url(business=business, wish=wish)
        }
        subject = own.subject if own else f"A time for you on {values['booking_date']} at {business.name}"
        _queue(TRIGGER, offer.pk, to=wish, subject=subject, context=context, now=now)


def _queue(kind, about_id, *, to, subject, context, now):
    """The mail of that kind to the person of the wish `to`, in the language that is spoken."""
    text, html = (render_to_string(f"waitlist/mail/{kind}.{form}", context) for form in ("txt", "html"))
    messaging.queue(
        kind=kind,
        about_id=about_id,
        recipient=to.email,
        reply_to=context["business"].email,
        subject=subject,
        text=text,
        html=html,
        now=now,
    )


def values_of(*, business, offer):
    """What a salon's own words about an offer are filled with, in the language that is spoken."""
    booking = offer.booking
    start, until = booking.local_start, offer.expires_at.astimezone(business.zone)
    people = list(dict.fromkeys(part.person for part in itinerary.parts_of(booking)))
    return salon_values(business) | {
        "customer_name": offer.wish.name,
        "service_name": booking.service_name,
        "staff_name": words.listed(people),
        "booking_date": words.full_date(start.date()),
        "booking_time": words.clock(start),
        "price": str(booking.price),
        "offer_until": words.when(until),  # with its day: who knows when it is read
        "offer_link": links.offer_url(business=business, offer=offer),
    }
