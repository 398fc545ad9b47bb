"""Time has come free: who waits for it is asked, one after the other."""

from datetime import timedelta

from django.db import transaction

from audit import actors
from audit import services as audit
from bookings import queries as diary
from bookings import services as bookings
from bookings.availability import instant
from bookings.models import Service
from bookings.services import holds
from tenants.clock import database_now
from waitlist import mail, queries, rules, tasks
from waitlist.models import FreedTime, Offer, Wish, WishStatus
from waitlist.services import turns
from waitlist.services.errors import WishRefused
from waitlist.services.status import move_wish

#: Freed times looked at together.
AT_ONCE = 500
#: Offers of one call; whatever is left, the next one makes.
MOST_OFFERS = 100
#: Times tried for one wish before the next one is asked: somebody else is booking them at this moment.
TRIES = 3


@transaction.atomic
def ask_again(*, business, first, last, by, now):
    """The team has what is free on these dates offered to whoever is in line for it; returns how many wait for them.

    It goes by the line like anything else: nobody is preferred by a press. Raises WishRefused.
    """
    if last < first:
        raise WishRefused("The last day lies before the first.")
    note_freed(first=first, last=last, at=now)
    dates = {"first_date": first.isoformat(), "last_date": last.isoformat()}
    audit.record(actor=by, action="waitlist.asked", subject=business, at=now, after=dates)
    return waiting_for(first, last).count()


def waiting_for(first, last=None):
    """Who waits for one of these local dates; `last` None is any later one."""
    waiting = Wish.objects.filter(status=WishStatus.WAITING, last_date__gte=first)
    return waiting if last is None else waiting.filter(first_date__lte=last)


def note_freed(*, first, last=None, at):
    """Time may have come free on these local dates, in the caller's transaction; whoever waits is asked after commit."""
    if waiting_for(first, last).exists():
        FreedTime.objects.create(first_date=first, last_date=last, at=at)
        tasks.offer_free_time.delay_on_commit()


def note_new_dates(*, business, now):
    """The furthest dates that can be booked today could not be yesterday."""
    today = now.astimezone(business.zone).date()
    own = Service.objects.filter(active=True, deleted_at=None, horizon_days__isnull=False)
    for days in {business.horizon_days, *own.values_list("horizon_days", flat=True)}:
        day = today + timedelta(days=days)
        note_freed(first=day, last=day, at=now)


def to_offer():
    """The freed times `offer_free_time` would look at."""
    return FreedTime.objects.all()


def offer_free_time(*, business, now):
    """Ask those who wait for what has come free; returns how many offers were made.

    Safe to run in many workers at once and any number of times: a time is kept by the diary for one of them, and a wish
    has one running offer at most.
    """
    freed = list(to_offer().order_by("pk")[:AT_ONCE])
    if not freed:
        return 0
    made = _offer_all(business=business, spans=_spans(freed, business, now), now=now)
    if made < MOST_OFFERS:  # else there may be more to give
        FreedTime.objects.filter(pk__in=[each.pk for each in freed]).delete()
    return made


def _spans(freed, business, now):
    today = now.astimezone(business.zone).date()
    furthest = today + timedelta(days=366)
    spans = ((max(each.first_date, today), each.last_date or furthest) for each in freed)
    return rules.merged((first, last) for first, last in spans if first <= last)


def _offer_all(*, business, spans, now):
    line = queries.line(spans=spans)
    times = FreeTimes(business=business, spans=spans, line=line, now=now)
    made = 0
    for each in line:
        if made >= MOST_OFFERS:
            break
        made += _offer_first(business=business, each=each, times=times, now=now)
    return made


def _offer_first(*, business, each, times, now):
    """Offer the earliest time that suits; says whether there was one."""
    for _ in range(TRIES):
        found = rules.first_fit(each.waiting, times.of(each))
        if found is None:
            return False
        times.forget()  # it is somebody's now, in any case
        offer = make_offer(business=business, wish_id=each.id, start=found.start, now=now)
        if offer or not Wish.objects.filter(pk=each.id, status=WishStatus.WAITING).exists():
            return offer is not None
    return False


class FreeTimes:
    """What those in line could book on the freed dates, by the diary's own engine, which is asked once for equal visits.

    A single service is asked for with anyone: its slots say who can take them, so that whoever waits for a person reads
    the same answer.
    """

    def __init__(self, *, business, spans, line, now):
        self.business, self.spans, self.now = business, spans, now
        self.baskets = queries.baskets(line)
        self.last = {}
        for each in line:
            visit = _visit(each.wanted)
            self.last[visit] = max(each.waiting.last, self.last.get(visit, each.waiting.last))
        self._slots, self._places = {}, {}

    def of(self, each):
        """The places (`rules.Place`) for what this wish wants, in order of time."""
        if each.wanted not in self._places:
            self._places[each.wanted] = self._load(each.wanted)
        return self._places[each.wanted]

    def forget(self):
        """Something has been kept: look again."""
        self._slots.clear()
        self._places.clear()

    def _load(self, wanted):
        basket, person = self.baskets.get(wanted), _person(wanted)
        if basket is None:
            return []
        ends = ((slot.start, _end(slot, person)) for slot in self._slots_of(_visit(wanted), basket))
        places = [rules.place(start, end, self.business.zone) for start, end in ends if end]
        return [found for found in places if self._in_time(found, basket)]

    def _slots_of(self, visit, basket):
        if visit not in self._slots:
            if len(basket.wanted) == 1:
                basket = basket.with_person(None)
            asked = {"business": self.business, "basket": basket, "now": self.now}
            horizon = min(diary.last_day(**asked), self.last[visit])
            pieces = _pieces(self.spans, horizon)
            days = (day for first, last in pieces for day in diary.calendar(**asked, first=first, last=last))
            self._slots[visit] = [slot for day in days for slot in day.slots]
        return self._slots[visit]

    def _in_time(self, found, basket):
        return until(business=self.business, basket=basket, start=found.start, now=self.now) is not None


def _visit(wanted):
    """What the engine is asked for: a single service with anyone."""
    parts, party, together = wanted
    return (((parts[0][0], None),) if len(parts) == 1 else parts, party, together)


def _person(wanted):
    """Who is waited for, of a single service."""
    return wanted[0][0][1] if len(wanted[0]) == 1 else None


def _end(slot, person):
    """When the visit would be over, with this person or whoever takes longest; None where the person cannot."""
    if slot.plan:
        return slot.plan.end
    return max((option.end for option in slot.options if person in (None, option.person_id)), default=None)


def _pieces(spans, horizon):
    """The spans up to the horizon, each short enough to be asked for."""
    for first, last in spans:
        while first <= min(last, horizon):
            end = min(last, horizon, first + timedelta(days=diary.MAX_DAYS - 1))
            yield first, end
            first = end + timedelta(days=1)


def until(*, business, basket, start, now):
    """Until when an offer of this start (epoch seconds) would stand; None where it would not be made."""
    notice = max(business.min_notice_min, *(service.min_notice_min or 0 for service in basket.services))
    return rules.kept_until(now=now, start=start, notice_min=notice, zone=business.zone)


@transaction.atomic
def make_offer(*, business, wish_id, start, now):
    """Keep `start` (epoch seconds) for this wish alone and tell its person; returns the Offer.

    None where they wait no longer, or somebody else was faster: nothing is written then.
    """
    turns.take()
    wish = Wish.objects.select_for_update().filter(pk=wish_id, status=WishStatus.WAITING).first()
    if wish is None:
        return None
    basket, clock = queries.basket_of(wish), database_now()
    expires_at = until(business=business, basket=basket, start=start, now=clock)
    if expires_at is None:
        return None
    try:
        booking = bookings.hold_slot(business=business, basket=basket, start=instant(start), now=now)
    except (bookings.SlotTaken, bookings.RuleBroken, bookings.NotBookable):
        return None
    holds.set_expiry(booking, expires_at)
    offer = Offer.objects.create(
        wish=wish,
        booking=booking,
        start_at=booking.start_at,
        end_at=booking.end_at,
        expires_at=expires_at,
        made_at=now,
    )
    move_wish(wish, to=WishStatus.OFFERED, by=actors.SYSTEM, at=now, start_at=booking.start_at.isoformat())
    mail.queue_offer(business=business, offer=offer, now=now)
    return offer
