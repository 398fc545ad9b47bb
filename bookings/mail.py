"""What customers and the salon are told about a booking, written into the outbox by the transaction that causes it.

Customers read the salon's own words where it has some. What they need stays below them: the visit, what it costs, the
terms, the way to change it, the calendar file.
"""

from datetime import timedelta
from functools import cache, partial

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext

from bookings import ics, itinerary, terms, texts, words
from bookings.mail_values import manage_url, values_of
from bookings.models import Status
from bookings.terms import wording
from messaging import services as messaging
from messaging.composing import Composed
from messaging.models import Channel
from messaging.notices import queries as notices
from tenants import languages
from tenants.money import Money

#: What customers are told of a visit.
KINDS = ("booking_created", "booking_confirmed", "booking_rescheduled", "booking_cancelled", "reminder", "follow_up")
#: How long the message about one of several cancelled visits waits for the one about all of them. Where the press breaks
#: off and nobody writes that, each leaves by itself.
WAITS_FOR_ALL = timedelta(minutes=2)


def queue_booked(*, business, booking, now):
    """A visit that has just been booked, or asked for where the salon confirms by hand: tell the customer, and the salon."""
    kind, subject = "booking_confirmed", f"Confirmed: {when(booking)} at {business.name}"
    if booking.status == Status.PENDING:
        kind, subject = "booking_created", f"We have your request for {when(booking)}"
    parts = cache(partial(itinerary.parts_of, booking))
    told = _drafts(business, booking, now, kind=kind, subject=subject, parts=parts)
    messaging.queue_all(drafts=told + _notices(business, booking, now, parts=parts), now=now)


def queue_moved(*, business, booking, now):
    subject = f"Moved to {when(booking)} at {business.name}"
    # Written when the mail is: by then the language is known.
    changed = partial(itinerary.change_sentence, booking)
    _queue(business, booking, now, kind="booking_rescheduled", subject=subject, changed=changed)


def queue_series_confirmation(*, business, bookings, now):
    """One confirmation of several visits: of the first with everything about it, of the others with their dates."""
    first, *others = bookings
    many = len(bookings)
    subject = (
        f"Confirmed: {many} visits at {business.name}" if others else f"Confirmed: {when(first)} at {business.name}"
    )
    told = {"others": _dates(business, others), "finish": partial(with_rhythm, first, many)}
    _queue(business, first, now, kind="booking_confirmed", subject=subject, **told)
    queue_notice_to_salon(business=business, booking=first, now=now)


def queue_family_confirmation(*, business, bookings, now):
    """One mail about the visits of a family: of the first with everything about it, of the others who, what and when; the
    calendar file holds all of them. A request where the salon confirms by hand.
    """
    first, *others = bookings
    many, kind = len(bookings), "booking_confirmed"
    subject = f"Confirmed: {many} visits at {business.name}"
    if first.status == Status.PENDING:
        kind, subject = "booking_created", f"We have your request for {many} visits, {when(first)}"
    told = {"others": _relatives(business, others)} | _paid(bookings)
    _queue(business, first, now, kind=kind, subject=subject, besides=others, **told)
    queue_notice_to_salon(business=business, booking=first, now=now, others=others)


def _paid(bookings):
    """How visits that are booked together are paid: by a card where one of them needs it, by a gift card alone where all
    are.
    """
    gifts = [_gift_of(booking) for booking in bookings]
    return {
        "card_kept": any(booking.card_required for booking in bookings),
        "by_package": all(gift and gift.visits for gift in gifts),
        "covered": all(_pays_all(gift) for gift in gifts),
        "partly": next(("package" if gift.visits else "card" for gift in gifts if gift), ""),
    }


def _gift_of(booking):
    return terms.gift_of(booking.consent) if booking.is_open else None


def _pays_all(gift):
    return gift is not None and not gift.card_cents + gift.salon_cents


def _with_price(booking, parts):
    """`Lena Berg: Cut with Ben, Wednesday 10 February 2027, 10:30, $30.00`, and what a gift card pays of it."""
    told = f"{_who_and_what(booking, parts)}, {booking.price}"
    lines = wording.gift_lines(_gift_of(booking), booking.currency_code)
    return ", ".join([told, *(f"{name}: {value}" for name, value in lines)])


def _with_fee(booking, parts):
    told = _who_and_what(booking, parts)
    if not booking.cancellation_fee_cents or terms.takes_visits(booking.consent):
        return told
    fee = Money(booking.cancellation_fee_cents, booking.currency_code)
    return f"{told}, " + gettext("late cancellation fee %(fee)s") % {"fee": fee}


def to_come(business, others, *, now, after):
    """For a reminder of `after`: the visits beside it, each with what cancelling costs where that is something else."""

    def cancelling(booking):
        return wording.cancelling(consent=booking.consent, zone=booking.zone, now=now)

    def write(booking, parts):
        told, costs = _who_and_what(booking, parts), cancelling(booking)
        return told if costs == cancelling(after) else f"{told}. {costs.rstrip('.')}"

    return _relatives(business, others, write)


def _who_and_what(booking, parts):
    what = [gettext("%(service)s with %(person)s") % {"service": part.service, "person": part.person} for part in parts]
    who = booking.for_name or booking.contact_name
    return f"{who}: {', '.join([*what, words.full_when(booking.local_start)])}"


def _relatives(business, bookings, write=_with_price):
    """Written when the mail is: by then the language is known."""
    visits = [(booking, itinerary.parts_of(booking), manage_url(business, booking)) for booking in bookings]
    return lambda: [(write(booking, parts), url) for booking, parts, url in visits]


def queue_series_moved(*, business, bookings, now):
    """The same for visits that have moved together."""
    first, *others = bookings
    subject = (
        f"{len(bookings)} visits moved at {business.name}" if others else f"Moved to {when(first)} at {business.name}"
    )
    more = {"changed": partial(itinerary.change_sentence, first), "others": _dates(business, others)}
    finish = partial(with_number, first, others)
    _queue(business, first, now, kind="booking_rescheduled", subject=subject, finish=finish, **more)


def _dates(business, bookings):
    """Written when the mail is: by then the language is known."""
    links = [(booking, manage_url(business, booking)) for booking in bookings]

    def write():
        return [(words.full_when(booking.local_start), url) for booking, url in links]

    return write


def queue_cancellation(*, business, booking, now, waits=False):
    """`waits`: others are being cancelled with it, and one message is going to tell of all (`services.tell_of_all`)."""
    subject, send_at = f"Cancelled: {when(booking)} at {business.name}", now + WAITS_FOR_ALL if waits else None
    _queue(business, booking, now, kind="booking_cancelled", subject=subject, send_at=send_at)


def queue_cancellations(*, business, bookings, now, channels=tuple(Channel)):
    """One message about several visits of a customer that were called off: of the first with everything about it, of the
    others who, what, when and for which fee; the calendar file takes all of them out.
    """
    first, *others = bookings
    if not others:
        queue_cancellation(business=business, booking=first, now=now)
        return
    late = [booking for booking in bookings if booking.cancellation_fee_cents]
    by_package = [booking for booking in late if terms.takes_visits(booking.consent)]
    fees = sum(booking.cancellation_fee_cents for booking in late if booking not in by_package)
    told = {
        "others": _relatives(business, others, _with_fee),
        "fees": business.money(fees) if fees else None,
        "visits_used": bool(by_package),
    }
    subject = f"Cancelled: {len(bookings)} visits at {business.name}"
    how = {"kind": "booking_cancelled", "subject": subject, "part": "all", "channels": channels}
    _queue(business, first, now, **how, besides=others, **told)


def queue_notice_to_salon(*, business, booking, now, others=()):
    """The salon's own copy: who comes when; `others` come with them."""
    messaging.queue_all(drafts=_notices(business, booking, now, others=others), now=now)


def _notices(business, booking, now, *, others=(), parts=None):
    """At most one. `parts` as in `letter`."""
    recipient = notices.copy_address(business)
    if not recipient:
        return []
    parts = parts() if parts else itinerary.parts_of(booking)
    context = _context(business, booking, now, parts) | {"visit_url": _visit_url(business, booking)}
    context["others"] = [(_with_price(each, itinerary.parts_of(each)), _visit_url(business, each)) for each in others]
    notice = messaging.draft(
        kind="salon_new_booking",
        about_id=booking.pk,
        version=booking.sequence,
        recipient=recipient,
        reply_to=booking.contact_email,
        subject=f"New booking: {booking.contact_name}, {when(booking)}",
        text=render_to_string("bookings/mail/salon_new_booking.txt", context),
        now=now,
    )
    return [notice]


def _visit_url(business, booking):
    return business.url + reverse("dashboard:visit", args=[booking.pk], urlconf="config.urls_salon")


def letter(*, business, booking, now, kind, subject, invite=True, more_values=None, besides=(), parts=None, **more):
    """The Composed of a mail about a visit, in its customer's language; `more` is what its templates want beside the
    visit's facts, functions where they are words.

    `subject` is the product's; the salon's own words have one of their own. `invite`: with the calendar file,
    `besides` are other visits in it.
    `more_values` fill placeholders that not every mail about a visit has. `parts()` are those of the visit, where others
    read them too.
    """
    parts = parts() if parts else itinerary.parts_of(booking)
    own = messaging.own_words(
        trigger=kind,
        wanted=business.languages_for(booking.language),
        values=lambda: values_of(business=business, booking=booking, now=now, parts=parts) | (more_values or {}),
    )
    text, html = _written(business, booking, now, kind, parts, own=own, **more)
    attachments = [_invitation(business, booking, now, parts, besides)] if invite else []
    return Composed(subject=own.subject if own else subject, text=text, html=html, attachments=attachments)


def when(booking):
    """`Tue 4 Nov, 10:30`, on the salon's wall."""
    start = booking.local_start
    return f"{start:%a} {start.day} {start:%b}, {start:%H:%M}"


def _queue(business, booking, now, **told):
    messaging.queue_all(drafts=_drafts(business, booking, now, **told), now=now)


def _drafts(
    business,
    booking,
    now,
    *,
    kind,
    subject,
    send_at=None,
    part="",
    channels=tuple(Channel),
    besides=(),
    finish=None,
    **more,
):
    """The mail about a visit, at most one, not written yet; the text message beside it is.

    `finish` completes a text message, which has no list of the other visits; of those `besides` it says how many.
    """
    about = {"about_id": booking.pk, "version": booking.sequence, "part": part, "send_at": send_at, "now": now}
    if Channel.SMS in channels:
        texts.queue(
            booking=booking,
            trigger=kind,
            wanted=business.languages_for(booking.language),
            values=lambda: values_of(business=business, booking=booking, now=now) | counted(booking, besides),
            finish=finish or partial(with_number, booking, besides),
            **about,
        )
    if not booking.contact_email or Channel.EMAIL not in channels:
        return []
    written = letter(business=business, booking=booking, now=now, kind=kind, subject=subject, besides=besides, **more)
    mail = messaging.draft(
        kind=kind,
        recipient=booking.contact_email,
        reply_to=business.email,
        subject=written.subject,
        text=written.text,
        html=written.html,
        attachments=written.attachments,
        **about,
    )
    return [mail]


def counted(booking, others):
    """What a text message, which has no list, says is booked: the first, and how many more."""
    if not others:
        return {}
    more = gettext("%(service)s and %(number)s more") % {"service": booking.service_name, "number": len(others)}
    return {"service_name": more}


def with_number(booking, others, text):
    """A text message that says how many visits it is about, also where its words name no services."""
    if not others or counted(booking, others)["service_name"] in text:
        return text
    return f"{text}\n" + gettext("This is about %(number)s visits.") % {"number": len(others) + 1}


def with_rhythm(booking, many, text):
    """A text message that says that its visit is the first of so many, and how often they come."""
    if many == 1:
        return text
    weeks = booking.series.every_weeks
    if weeks == 1:
        return f"{text}\n" + gettext("This is the first of %(number)s visits, every week.") % {"number": many}
    told = {"number": many, "weeks": weeks}
    return f"{text}\n" + gettext("This is the first of %(number)s visits, every %(weeks)s weeks.") % told


def written(*, business, booking, kind, own, now, manage_url):
    """(text, HTML) of a visit's mail of one of KINDS with these words above its facts, as it would leave now, but for the
    link that opens the visit: `manage_url` stands there.
    """
    cancelling = partial(wording.cancelling, consent=booking.consent, zone=booking.zone, now=now)
    return tuple(
        _written(
            business,
            booking,
            now,
            kind,
            itinerary.parts_of(booking),
            own=own,
            cancelling=cancelling,
            manage_url=manage_url,
        )
    )


def _written(business, booking, now, kind, parts, *, own, **more):
    """The mail as text and as HTML: the words and, in their language, the facts."""
    with languages.speaking(own.language if own else languages.DEFAULT):
        context = _context(business, booking, now, parts) | {"kind": kind, "own": own, **more}
        return [render_to_string(f"bookings/mail/{kind}.{form}", context) for form in ("txt", "html")]


def _invitation(business, booking, now, parts, besides=()):
    if besides:
        body = ics.calendar_of(business=business, bookings=[booking, *besides], now=now)
        return {"name": "visits.ics", "content_type": "text/calendar; charset=utf-8; method=PUBLISH", "body": body}
    method, body = ics.invitation(business=business, booking=booking, now=now, parts=parts)
    return {"name": "visit.ics", "content_type": f"text/calendar; charset=utf-8; method={method}", "body": body}


def _context(business, booking, now, parts):
    gift = _gift_of(booking)
    return {
        "business": business,
        "booking": booking,
        "parts": parts,
        "manage_url": manage_url(business, booking),
        "when": words.full_when(booking.local_start),
        "terms": _terms(booking, now),
        "gift_lines": wording.gift_lines(gift, booking.currency_code),
        "by_package": terms.takes_visits(booking.consent),
        "card_kept": booking.card_required,
        "covered": _pays_all(gift),
        "cancellation_fee": business.money(booking.cancellation_fee_cents) if booking.cancellation_fee_cents else None,
    }


def _terms(booking, now):
    """What was agreed to, while it may still matter; in the language it was agreed to in, which the booking page speaks."""
    if not (booking.consent and booking.is_open):
        return []
    with languages.speaking(languages.DEFAULT):
        return wording.sentences(consent=booking.consent, zone=booking.zone, now=now, card=booking.card_required)
