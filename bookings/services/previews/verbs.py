"""Looking at a change, and saving what was looked at."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.core import signing
from django.db import connection, transaction

from bookings import availability, diary
from bookings.availability.engine import Common
from bookings.models import Booking, Service
from bookings.services import records
from bookings.services.previews.difference import Difference, Period, between
from tenants.errors import DomainError

#: How far ahead starts are compared. Visits fall outside however far ahead they are.
LOOKS_AHEAD = timedelta(days=27)
#: A preview this old is shown again, whatever it says.
STANDS = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Preview:
    """The Difference a change would make, over which Period starts were compared, and the token that saves just that."""

    difference: Difference
    period: Period
    services: dict
    token: str = field(compare=False)

    @property
    def visits(self):
        """The visits that fall outside, in order of time; a query of its own."""
        return Booking.objects.filter(pk__in=[pk for pk, _ in self.difference.outside]).order_by("start_at", "ref")


class PreviewStale(DomainError):
    """What was shown is not what would happen now. `preview` is; nothing was saved."""

    code = "preview_stale"
    status = 409
    message = "Something has changed since. This is what saving would do now."

    def __init__(self, preview):
        super().__init__()
        self.preview = preview


def preview_change(*, business, change, by, now):
    """What `change` (see `kinds`) would do; nothing is written. Raises what making it raises.

    Whoever changes settings waits while it is made and taken back; whoever books does not.
    """
    with transaction.atomic():
        records.lock()
        before, after = _both(business, change, by=by, at=now, now=now)
        transaction.set_rollback(True)
    return _preview(business, change, before, after, now)


def apply_change(*, business, change, token, by, now):
    """Make `change` where it does exactly what the preview with this `token` showed; returns that Preview.

    Raises PreviewStale with a preview of now where it would do anything else, and what making it raises: nothing is
    written then.
    """
    shown = _opened(token, now)
    if shown is not None and (saved := _apply(business, change, *shown, by=by, now=now)):
        return saved
    raise PreviewStale(preview_change(business=business, change=change, by=by, now=now))


@transaction.atomic
def _apply(business, change, shown_at, digest, *, by, now):
    """The Preview that was saved; None where it is not the one that was shown, and then nothing is.

    The clock of the comparison stands where it stood then: that time passes while somebody reads is no change.
    """
    records.lock()
    before, after = _both(business, change, by=by, at=shown_at, now=now)
    preview = _preview(business, change, before, after, shown_at)
    if digest == _digest(change, preview.difference, preview.period):
        return preview
    transaction.set_rollback(True)
    return None


@dataclass(frozen=True, slots=True)
class _State:
    """Settings and diary as they stand: what every service may be booked with, and the visits outside."""

    offers: dict
    outside: dict
    names: dict
    taken: object
    coming: object


def _both(business, change, *, by, at, now):
    """The states before and after the change, which is made in between. The clock that counts for both stands at `at`."""
    period = _period(business, change, at)
    services = change.services()
    before = _state(business, change, services, period, at)
    change.apply(business=business, by=by, now=now)
    changed = list(Service.objects.filter(pk__in=before.names).order_by("pk"))
    return before, _state(business, change, changed, period, at, taken=before.taken, coming=before.coming)


def _state(business, change, services, period, at, taken=None, coming=None):
    """`taken` and `coming` are those of the state before: visits that are booked meanwhile are no difference."""
    offers, coming = {}, coming or change.coming(now=at)
    if services and period.first <= period.last:
        dates = {"first": period.first, "last": period.last}
        offers, taken = diary.load_each(business=business, services=services, **dates, now=at, taken=taken)
    outside = change.outside(business=business, now=at, coming=coming)
    return _State(offers, outside, {service.pk: service.name for service in services}, taken, coming)


def _period(business, change, at):
    """From today on, four weeks; only those dates of them that the change is about, and the furthest that can be booked."""
    first = at.astimezone(business.zone).date()
    last = first + timedelta(days=business.horizon_days)
    if change.dates is not None:
        first, last = max(first, change.dates[0]), min(last, change.dates[1])
    return Period(first, min(last, first + LOOKS_AHEAD))


def _preview(business, change, before, after, at):
    period = _period(business, change, at)
    known = {}
    difference = between(
        before=_offered(before.offers, period, at, known),
        after=_offered(after.offers, period, at, known),
        outside_before=before.outside,
        outside_after=after.outside,
        zone=business.zone,
    )
    token = signing.dumps([at.isoformat(), _digest(change, difference, period)], salt=_salt())
    return Preview(difference, period, before.names, token)


def _offered(offers, period, at, known):
    """{service: the starts at which somebody can take it}. `known` remembers answers: the same question is asked once."""
    found, common, clock = {}, None, availability.epoch(at)
    dates = {"first": period.first, "last": period.last}
    for service, (candidates, rules) in offers.items():
        common = common or Common(rules=rules, **dates)
        starts = found[service] = set()
        for able, person in candidates:
            asked = rules, replace(able, price_cents=0), person
            answers = known.setdefault(person.id, [])
            answer = next((answer for question, answer in answers if question == asked), None)
            if answer is None:
                answer = availability.starts(able=able, person=person, rules=rules, **dates, now=clock, common=common)
                answers.append((asked, answer))
            starts.update(answer)
    return found


def _digest(change, difference, period):
    return difference.digest(repr(change), period.first.isoformat(), period.last.isoformat())


def _opened(token, now):
    """(when it was shown, its digest); None where the token is none of this salon's, or too old."""
    try:
        text, digest = signing.loads(token, salt=_salt())
        shown_at = datetime.fromisoformat(text)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return (shown_at, digest) if now - STANDS <= shown_at <= now else None


def _salt():
    """Carries the schema: a token opens nothing in another salon."""
    return f"bookings.preview:{connection.schema_name}"
