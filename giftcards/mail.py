"""What the one who is given a card reads, written into the outbox by the transaction that delivers it."""

from django.template.loader import render_to_string
from django.utils.translation import gettext

from giftcards import codes, links, shown
from messaging import services as messaging
from messaging.samples import salon_values
from tenants import languages


def queue_card(*, business, card, now, version=0):
    """The card itself, to its recipient; once for each `version`: returns None for a repeat."""
    own = messaging.own_words(
        trigger="gift_card",
        wanted=business.languages_for(),
        values=lambda: values_of(business=business, card=card),
    )
    with languages.speaking(own.language if own else languages.DEFAULT):
        context = {
            "own": own,
            "business": business,
            "card": card,
            "worth": shown.worth(card),
            "left": shown.left(card),
            "good_for": shown.good_for(card),
            "code": codes.shown(codes.code_of(card.pk)),
            "good_until": shown.good_until(card),
            "card_url": links.card_url(business=business, card=card),
        }
        return messaging.queue(
            kind="gift_card",
            about_id=card.pk,
            version=version,
            recipient=card.recipient_email,
            reply_to=business.email,
            subject=own.subject if own else _subject(business, card),
            text=render_to_string("giftcards/mail/gift_card.txt", context),
            html=render_to_string("giftcards/mail/gift_card.html", context),
            now=now,
        )


def _subject(business, card):
    if card.is_package:
        return gettext("%(package)s at %(salon)s") % {"package": card.title, "salon": business.name}
    giver = f" from {card.buyer_name}" if card.buyer_name else ""
    return f"A gift card{giver}: {shown.worth(card)} at {business.name}"


def values_of(*, business, card):
    """What a salon's own words about a card are filled with; a card nobody bought comes from the salon."""
    return salon_values(business) | {
        "recipient_name": card.recipient_name or "there",
        "giver_name": card.buyer_name or business.name,
        "gift_card_value": shown.worth(card),
        "gift_card_code": codes.shown(codes.code_of(card.pk)),
        "gift_card_link": links.card_url(business=business, card=card),
    }
