"""What customers read ahead of their visit and after it: written when it leaves, of the visit as it is then."""

from dataclasses import replace
from functools import partial

from django.db import connection

from bookings import mail
from bookings.mail_values import values_of
from bookings.models import Booking, Status
from bookings.queries.reminders import reminding
from bookings.reminded_together import companions, name_of
from bookings.services.reminders import FOLLOW_UP, REMINDER, address_of
from bookings.signals import follow_up_filled
from bookings.terms import wording
from messaging import composing
from messaging import services as messaging
from messaging.composing import Composed, NotAnyMore, NotNow
from messaging.models import Channel
from messaging.services.texts import finished

CHANGED = "The visit was moved."
NOT_CONFIRMED = "The visit was not confirmed any more."
BEGUN = "The visit had begun by then."
OTHER_ADDRESS = "The visit has another address by now."
RULES_CHANGED = "The salon has changed when it reminds."
GONE = "The visit is not there any more."
NOT_OVER = "The visit did not take place."
OFF = "The salon has switched follow-ups off."
NOT_AGREED = "The customer does not agree to news any more."


def register():
    """From the app's `ready`."""
    composing.register(REMINDER, write_reminder)
    composing.register(FOLLOW_UP, write_follow_up)


def write_reminder(message, now):
    """The words of a reminder, which speaks of those who come along too (`companions`). Raises NotAnyMore where the visit
    is not what was to be reminded of any more, or has been told of.
    """
    booking = _locked(message)
    if booking.status != Status.CONFIRMED:
        raise NotAnyMore(NOT_CONFIRMED)
    if message.version != booking.sequence:
        raise NotAnyMore(CHANGED)
    if booking.start_at <= now:
        raise NotAnyMore(BEGUN)
    if address_of(booking, message.channel) != message.recipient:
        raise NotAnyMore(OTHER_ADDRESS)
    if not reminding().has(part=message.part, channel=message.channel):
        raise NotAnyMore(RULES_CHANGED)
    business, others = connection.tenant, companions(message=message, booking=booking, now=now)
    also_about = [name_of(each) for each in others]
    if message.channel == Channel.SMS:
        return replace(_text(business, booking, now, REMINDER, others), also_about=also_about)
    cancelling = partial(wording.cancelling, consent=booking.consent, zone=booking.zone, now=now)
    subject = f"See you on {mail.when(booking)} at {business.name}"
    more = {"cancelling": cancelling, "others": mail.to_come(business, others, now=now, after=booking)}
    written = mail.letter(
        business=business, booking=booking, now=now, kind=REMINDER, subject=subject, besides=others, **more
    )
    return replace(written, also_about=also_about)


def write_follow_up(message, now):
    """The words of a follow-up. Raises NotAnyMore where it is not wanted any more."""
    booking = _locked(message)
    customer = booking.customer
    if booking.status != Status.COMPLETED:
        raise NotAnyMore(NOT_OVER)
    if not reminding().follow_up_min:
        raise NotAnyMore(OFF)
    if customer.email != message.recipient:
        raise NotAnyMore(OTHER_ADDRESS)
    if not customer.marketing_opt_in:
        raise NotAnyMore(NOT_AGREED)
    business = connection.tenant
    values = {"review_link": ""}
    for _, known in follow_up_filled.send(sender=Booking, booking=booking, business=business, now=now):
        values |= known
    return mail.letter(
        business=business,
        booking=booking,
        now=now,
        kind=FOLLOW_UP,
        subject=f"How was your visit to {business.name}?",
        invite=False,
        unsubscribe_url=message.unsubscribe_url,
        more_values=values,
        review_url=values["review_link"],
    )


def _text(business, booking, now, kind, others=()):
    """The text message: the salon's words, else the usual ones."""
    words = messaging.own_words(
        trigger=kind,
        channel=Channel.SMS,
        wanted=business.languages_for(booking.language),
        values=lambda: values_of(business=business, booking=booking, now=now) | mail.counted(booking, others),
    )
    return Composed(text=finished(words, partial(mail.with_number, booking, others)))


def _locked(message):
    """The visit, which nobody changes while the message begins. Whoever is changing it now goes first: they may want the
    message's row, and we have it."""
    rows = Booking.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    booking = rows.select_related("customer").filter(pk=message.about_id).first()
    if booking is None:
        raise NotNow if Booking.objects.filter(pk=message.about_id).exists() else NotAnyMore(GONE)
    return booking
