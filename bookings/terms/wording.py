"""Terms in words, the same wherever they are read: pages, mails, the admin, the API.

Instants are written on the salon's wall, amounts in its currency. `consent` is the snapshot as it is kept, or as it
would be; `card` says whether a card secures it.
"""

from datetime import datetime

from django.utils.translation import gettext, gettext_noop

from bookings import words
from bookings.terms.applied import cancellation_fee
from bookings.terms.gifts import gift_of, takes_visits
from bookings.terms.snapshot import Why
from tenants.models import DepositFor
from tenants.money import Money

#: Whom the salon asks for a deposit: as the start of a sentence, and as its end.
WHO = {
    DepositFor.NEW: ("If this is your first visit here", "on a first visit"),
    DepositFor.MISSED: ("If you have missed a visit here", "after a missed visit"),
    DepositFor.NEW_OR_MISSED: (
        "If this is your first visit here, or you have missed one",
        "on a first visit, or after a missed one",
    ),
}
FREE = gettext_noop("You can cancel free of charge at any time before your visit.")
PAY_FEES = "gift_cards_pay_fees"
#: Why a deposit was asked for, for staff.
WHY = {Why.EVERYONE: "asked of everybody", Why.NEW: "a first visit", Why.MISSED: "has missed a visit"}
#: The salon's own texts: what they are about, and where they stand.
TEXTS = (
    ("Cancelling", "cancellation_text"),
    ("Not coming", "no_show_text"),
    ("Coming late", "late_arrival_text"),
    ("Refunds", "refund_text"),
)


def sentences(*, consent, zone, now, card):
    """What happens with the customer's money: now, when they come, when they call off, when they do not come."""
    gift = gift_of(consent)
    card = card and (gift is None or gift.card_asked)
    return [
        sentence
        for sentence in (
            _card(consent, gift) if card else _till(consent, gift),
            _deposit(consent, card),
            _hold(consent, gift, zone, now),
            _cancelling(consent, zone, now),
            _not_coming(consent, card),
            _coming_late(consent, zone),
            _gift_cards(consent, gift),
        )
        if sentence
    ]


def condition(*, offer, zone, now):
    """What applies to some in addition, said to everybody; empty where the offer is the same for all."""
    if offer.some is None:
        return ""
    who, _ = WHO[offer.deposit_for]
    deposit = _money(offer.some.as_json(), "deposit_cents")
    return (
        f"{who} (we go by e-mail address and mobile number), {deposit} of the price is a deposit: secured by your card, "
        f"not charged today.{_stricter(offer.anybody.as_json(), offer.some.as_json(), zone, now)}"
    )


def on_the_page(*, offer, zone, now, card, gift=None):
    """All of it as the page says it to everybody, before it is agreed to; with the gift card that is put aside."""
    told = sentences(consent=offered(offer, gift), zone=zone, now=now, card=card)
    return [*told, *filter(None, [condition(offer=offer, zone=zone, now=now)])]


def offered(offer, gift=None):
    """What anybody agrees to, as `sentences` reads it."""
    return offer.anybody.as_json() | ({"gift_card": gift.as_json()} if gift else {})


def deposit_line(offer):
    """The deposit as a line of the bill, empty where none can be asked for: `$20.00 on a first visit, not charged today`."""
    if not offer.deposit_cents:
        return ""
    return f"{deposit_note(offer.anybody.currency_code, offer.deposit_cents, offer.deposit_for)}, not charged today"


def agreed_deposit_line(consent):
    """The same once it is known whether one was asked for."""
    return f"{_money(consent, 'deposit_cents')}, not charged at booking" if consent.get("deposit_cents") else ""


def deposit_note(currency_code, cents, deposit_for):
    """`$20.00`, `$20.00 on a first visit`"""
    _, whose = WHO.get(deposit_for, ("", ""))
    return f"{Money(cents, currency_code)} {whose}".strip()


def calling_off(*, consent, zone, now):
    """What calling off at this moment costs."""
    owed = cancellation_fee(consent=consent, now=now)
    if owed and takes_visits(consent):
        return f"By the terms you agreed to, cancelling now costs {_visits_of(consent)}."
    if owed:
        return f"By the terms you agreed to, cancelling now costs {Money(owed, consent['currency_code'])}."
    if consent.get("cancellation_fee_cents"):
        return f"Cancelling is free until {_at(consent['free_until'], zone)}."
    return "Cancelling is free."


def cancelling(*, consent, zone, now):
    """What cancelling the visit costs and from when on, by the terms that were agreed to; free where none were."""
    return _cancelling(consent, zone, now) if consent else gettext(FREE)


def moving(*, consent, zone, now):
    """What a move does to free cancelling."""
    if not consent.get("cancellation_fee_cents"):
        return "Moving is free."
    if now >= datetime.fromisoformat(consent["free_until"]):
        return "Moving is free. The free time for cancelling has passed and stays passed after a move."
    return (
        "Moving is free. Free cancelling moves along: it now ends on "
        f"{_at(consent['free_until'], zone)}, and then as long before the new time."
    )


def texts(consent):
    """(subject, words) of the salon's own texts, empty ones left out."""
    return [(title, consent[name]) for title, name in TEXTS if consent.get(name)]


def _card(consent, gift):
    if gift is None:
        return f"Your card is saved, not charged. {_money(consent, 'price_cents')} is charged when your visit is done."
    if gift.card_cents:
        rest = Money(gift.card_cents, consent["currency_code"])
        return f"Your card is saved, not charged. {gift_part(consent)}; {rest} is charged when your visit is done."
    return f"{_till(consent, gift)} Your card is saved for a fee that may become due, not charged."


def _till(consent, gift):
    """Where no card pays: what the gift card leaves for the salon."""
    if gift is None:
        return ""
    rest = Money(gift.salon_cents, consent["currency_code"])
    return f"{gift_part(consent)}; you pay {rest} at the salon." if rest.cents else f"{gift_part(consent)}."


def gift_part(consent):
    """What the gift card does: `Your gift card pays $30.00`, `Your gift card takes 20% off, $10.00`."""
    gift, currency = gift_of(consent), consent["currency_code"]
    if gift.visits:
        pays = "pays" if gift.visits == 1 else "pay"
        return f"{_visits_of(consent).capitalize()} {pays} {Money(gift.discount_cents, currency)}"
    if gift.percent:
        return f"Your gift card takes {gift.percent}% off, {Money(gift.discount_cents, currency)}"
    return f"Your gift card pays {Money(gift.paid_cents, currency)}"


def gift_lines(gift, currency):
    """(name, amount) lines below a price: what the gift card takes off it, and who pays the rest. None without a gift."""
    if gift is None:
        return []
    name = gettext("Gift card %(name)s") % {"name": gift.name} + (f" ({gift.percent}%)" if gift.percent else "")
    if gift.visits:
        name = gift.name
    where = gettext("Left to pay")
    if gift.card_cents or gift.salon_cents:
        where = gettext("On your card after the visit") if gift.card_cents else gettext("At the salon")
    off, rest = gift.paid_cents + gift.discount_cents, gift.card_cents + gift.salon_cents
    return [(name, f"−{Money(off, currency)}"), (where, str(Money(rest, currency)))]


def _deposit(consent, card):
    if not consent.get("deposit_cents"):
        return ""
    return (
        f"{_money(consent, 'deposit_cents')} of the price is a deposit: secured by your {_secured_by(consent, card)}, "
        "not charged today, and counted into the price."
    )


def _secured_by(consent, card):
    if card:
        return "card"
    return "package" if takes_visits(consent) else "gift card"


def _hold(consent, gift, zone, now):
    cents = min(consent.get("hold_cents", 0), gift.card_cents) if gift else consent.get("hold_cents", 0)
    if not cents:
        return ""
    since = datetime.fromisoformat(consent["hold_from"])
    when = "Your visit is near, so" if now >= since else f"From {_at(consent['hold_from'], zone)} on,"
    return f"{when} {Money(cents, consent['currency_code'])} may be held on your card: kept ready, not charged."


def _cancelling(consent, zone, now):
    if not consent["cancellation_fee_cents"] or not _can_be_late(consent):
        return gettext(FREE)
    costs = _visits_of(consent) if takes_visits(consent) else _money(consent, "cancellation_fee_cents")
    if now < datetime.fromisoformat(consent["free_until"]):
        sentence = gettext("Cancelling is free until %(until)s; after that it costs %(costs)s.")
    elif "agreed_at" not in consent:
        sentence = gettext("Your visit is soon, so cancelling it costs %(costs)s.")
    else:
        sentence = gettext("The time for cancelling free of charge ended on %(until)s; it costs %(costs)s.")
    return sentence % {"until": _at(consent["free_until"], zone), "costs": costs}


def _can_be_late(consent):
    return any(stage["kind"] == "late" for stage in consent["stages"]) if "stages" in consent else True


def _not_coming(consent, card):
    if not consent["no_show_fee_cents"]:
        return ""
    if takes_visits(consent):
        return f"If you do not come, {_visits_of(consent)} {_is_used_up(consent)}."
    return f"If you do not come, {_money(consent, 'no_show_fee_cents')} is {'charged' if card else 'due'}."


def _coming_late(consent, zone):
    if not consent.get("late_arrival_at"):
        return ""
    late = words.length(consent["late_arrival_min"])
    clock = words.clock(datetime.fromisoformat(consent["late_arrival_at"]).astimezone(zone))
    return f"If you are not here by {clock}, {late} after the start, your visit may count as missed."


def _gift_cards(consent, gift):
    if not (consent["cancellation_fee_cents"] or consent["no_show_fee_cents"]):
        return ""
    pay_fees = consent.get(PAY_FEES)
    if gift is None:
        return "If you pay with a gift card, these fees may be taken from it." if pay_fees else ""
    if gift.visits:
        return f"No fee is charged then: {_visits_of(consent)} {_is_used_up(consent)} instead."
    if pay_fees and gift.paid_cents:
        return "These fees are taken from your gift card first."
    return "Your gift card pays for the visit, not for these fees."


def _visits_of(consent):
    """`a visit of your package`, `2 visits of your package`"""
    visits = gift_of(consent).visits
    if visits == 1:
        return gettext("a visit of your package")
    return gettext("%(number)s visits of your package") % {"number": visits}


def _is_used_up(consent):
    return "is used up" if gift_of(consent).visits == 1 else "are used up"


def _stricter(anybody, some, zone, now):
    """How the fees differ for those who pay a deposit."""
    changed = []
    if some["cancellation_fee_cents"] > anybody["cancellation_fee_cents"] and _can_be_late(some):
        late = now >= datetime.fromisoformat(some["free_until"])
        since = "" if late else f" after {_at(some['free_until'], zone)}"
        changed.append(f"cancelling{since} costs {_money(some, 'cancellation_fee_cents')}")
    if some["no_show_fee_cents"] > anybody["no_show_fee_cents"]:
        changed.append(f"not coming costs {_money(some, 'no_show_fee_cents')}")
    return f" Then {', and '.join(changed)}." if changed else ""


def _money(consent, name):
    return Money(consent[name], consent["currency_code"])


def _at(iso, zone):
    return words.moment(datetime.fromisoformat(iso).astimezone(zone))
