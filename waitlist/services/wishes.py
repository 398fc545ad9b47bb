"""Joining the list and leaving it."""

from datetime import timedelta

from django.db import transaction

from audit import actors
from audit import services as audit
from bookings import services as bookings
from bookings.services import holds
from waitlist import mail
from waitlist.models import Offer, OfferStatus, Wish, WishedService, WishStatus
from waitlist.services import turns
from waitlist.services.errors import WishEnded, WishRefused
from waitlist.services.status import RUNNING, locked_offer, locked_wish, move_offer, move_wish

#: Open wishes of one person: more of them is somebody trying something.
MOST_EACH = 10
FURTHEST = timedelta(days=366)
DAY = 24 * 60


@transaction.atomic
def join(*, business, basket, person, first, last, windows=(), now, by=None):
    """Put somebody on the list for `basket` on the local dates `first` to `last`; returns the Wish.

    `person` says who (`bookings.services.Details`): an e-mail or a number. `windows` are [from, to) in minutes for the
    start; none is any time. `by` is whoever of the team writes it down. The same wish sent twice is one. Raises
    WishRefused, bookings' NotBookable; nothing is written then.
    """
    bookings.check_basket(basket)
    windows = _checked(business, person, first, last, windows, now)
    if not (person.email or person.phone):
        raise WishRefused("Please leave an e-mail address or a number.")
    wish = Wish(
        name=person.name,
        email=person.email,
        phone=person.phone,
        language=person.language if person.language in business.languages else "",
        texts_agreed_at=now if person.texts and person.phone else None,
        party_size=basket.party_size,
        together=basket.together,
        first_date=first,
        last_date=last,
        windows=windows,
        is_by_staff=by is not None,
        joined_at=now,
    )
    turns.take()  # one person's two presses at once: the second sees the first
    if twin := _twin(wish, basket):
        return twin
    wish.save(force_insert=True)
    WishedService.objects.bulk_create(
        WishedService(wish=wish, position=position, service=each.service, team_member=each.team_member)
        for position, each in enumerate(basket.wanted)
    )
    audit.record(
        actor=by or actors.customer(person.name),
        action="wish.joined",
        subject=wish,
        at=now,
        after={
            "services": [each.service.name for each in basket.wanted],
            "first_date": first.isoformat(),
            "last_date": last.isoformat(),
        },
    )
    mail.queue_joined(business=business, wish=wish, basket=basket, now=now)
    return wish


def _checked(business, person, first, last, windows, now):
    today = now.astimezone(business.zone).date()
    if last < first:
        raise WishRefused("The last day lies before the first.")
    if last < today:
        raise WishRefused("These days are over.")
    if last - today > FURTHEST:
        raise WishRefused("Please wait for days within a year.")
    windows = sorted({(start, end) for start, end in windows})
    if any(not 0 <= start < end <= DAY for start, end in windows):
        raise WishRefused("A time of day ends after it begins.")
    return [list(window) for window in windows]


def _twin(wish, basket):
    """The same wish of the same person, sent before. Raises WishRefused where they have too many."""
    same = {"email__iexact": wish.email} if wish.email else {"email": "", "phone": wish.phone}
    theirs = list(
        Wish.objects.filter(**same, status__in=[WishStatus.WAITING, WishStatus.OFFERED]).prefetch_related("wanted")
    )
    asked = [(each.service.pk, each.team_member and each.team_member.pk) for each in basket.wanted]
    for other in theirs:
        same_time = (other.first_date, other.last_date, other.windows) == (
            wish.first_date,
            wish.last_date,
            wish.windows,
        )
        wanted = [(each.service_id, each.team_member_id) for each in other.wanted.all()]
        if same_time and wanted == asked and other.party_size == wish.party_size:
            return other
    if len(theirs) >= MOST_EACH:
        raise WishRefused("You are waiting for many times already. Leave one of those lists first.")
    return None


@transaction.atomic
def leave(*, wish, by, now, removed=False):
    """Take somebody off the list, by themselves or by the team (`removed`); a time that is kept for them is free at once.

    Left twice, the second changes nothing. Raises NotAllowed where they are booking it at this moment.
    """
    offer = running_offer(wish)
    if offer:
        holds.locked(offer.booking)
        offer = locked_offer(offer.pk)
    wish = locked_wish(wish.pk)
    if not wish.is_open:
        return wish
    if offer is None and wish.status == WishStatus.OFFERED:
        raise WishEnded("A time has just been offered. Please look again.")
    move_wish(wish, to=WishStatus.REMOVED if removed else WishStatus.LEFT, by=by, at=now)
    if offer and offer.status in RUNNING:
        move_offer(offer, to=OfferStatus.WITHDRAWN, at=now)
        bookings.release_hold(booking=offer.booking)
    return wish


def running_offer(wish):
    return Offer.objects.filter(wish=wish, status__in=RUNNING).select_related("booking").first()


def taken_offer(wish):
    """The offer a visit came of; None before."""
    return Offer.objects.filter(wish=wish, status=OfferStatus.BOOKED).select_related("booking").first()


def to_end(*, business, now):
    """The wishes whose last date is over."""
    today = now.astimezone(business.zone).date()
    return Wish.objects.filter(status=WishStatus.WAITING, last_date__lt=today)


def end_over(*, business, now):
    """End the wishes nothing can be offered for any more; returns how many."""
    pks = to_end(business=business, now=now).order_by("pk").values_list("pk", flat=True)[:500]
    return sum(_end(pk, now) for pk in pks)


@transaction.atomic
def _end(pk, now):
    wish = Wish.objects.select_for_update(skip_locked=True).filter(pk=pk, status=WishStatus.WAITING).first()
    if wish is None:
        return False
    move_wish(wish, to=WishStatus.OVER, by=actors.SYSTEM, at=now)
    return True
