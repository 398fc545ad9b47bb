"""The salon's booking rules: how soon, how far ahead, how often, and on which wall clock."""

from django.db import transaction

from bookings.models import Service
from bookings.services import salon_row, zones
from bookings.services.policies import change_policies
from bookings.services.profile import change_logo, change_profile
from bookings.settings_rules import length, limits_conflict, reach
from tenants.errors import DomainError

#: The columns of Business that are booking rules; nothing else is changed here.
RULES = (
    "min_notice_min",
    "horizon_days",
    "slot_step_min",
    "gap_offers",
    "hard_edges",
    "max_wait_min",
    "auto_confirm",
    "allow_double_visits",
    "timezone",
)


#: Said of a logo that stays; None is no logo.
KEPT = object()


class RulesContradict(DomainError):
    """Two rules leave nothing to book. `field` is the one to change."""

    code = "rules_contradict"

    def __init__(self, message, field):
        super().__init__(message)
        self.field = field


class ZoneUndecided(DomainError):
    """The time zone changes under coming visits. `visits` is how many there are."""

    code = "zone_undecided"
    message = "Say first what happens to the coming visits: keep their time on the wall, or their instant."

    def __init__(self, visits):
        super().__init__()
        self.visits = visits


@transaction.atomic
def change_settings(*, business, by, now, rules=None, policies=None, profile=None, logo=KEPT, keep=None):
    """Change rules, policies, profile and logo at once, or nothing of it. Raises what the verbs raise."""
    change_profile(business=business, changes=profile or {}, by=by, now=now)
    change_policies(business=business, changes=policies or {}, by=by, now=now)
    change_booking_rules(business=business, changes=rules or {}, by=by, now=now, keep=keep)
    if logo is not KEPT:
        change_logo(business=business, image=logo, by=by, now=now)


@transaction.atomic
def change_booking_rules(*, business, changes, by, now, keep=None):
    """Change some of RULES (`changes`: column → value); returns what was changed, column → (before, after).

    A new time zone with visits to come needs `keep`: zones.WALLS or zones.INSTANTS. Raises RulesContradict,
    ZoneUndecided, zones.VisitsClash or zones.DiaryBusy; nothing is written then.
    """
    row, changed = salon_row.with_changes(business=business, columns=RULES, changes=changes)
    if not changed:
        return changed
    salon_row.clean(row, changed)
    _check_limits(row)
    if "timezone" in changed:
        _change_zone(row, changed["timezone"][0], keep=keep, by=by, now=now)
    kept = {"visits_kept": keep} if keep and "timezone" in changed else {}
    salon_row.write(
        row=row, changed=changed, business=business, action="booking_rules.changed", by=by, now=now, more=kept
    )
    return changed


def _change_zone(row, old_zone_name, *, keep, by, now):
    visits = zones.count_coming(now=now)
    if visits and keep not in zones.CHOICES:
        raise ZoneUndecided(visits)
    zones.change_zone(business=row, old_zone_name=old_zone_name, keep=keep or zones.INSTANTS, by=by, now=now)


def _check_limits(business):
    """The notice must end before the furthest date: the salon's, and that of every service on offer."""
    own = business.min_notice_min, business.horizon_days
    if limits_conflict(notice_min=own[0], horizon_days=own[1]):
        raise RulesContradict(
            f"A notice of {length(own[0])} reaches beyond the furthest date, {_days(own[1])} ahead: nothing could be "
            "booked. Shorten the notice, or allow more days.",
            "min_notice_min",
        )
    for service in Service.objects.filter(active=True, deleted_at=None):
        notice, days = reach(business=own, service=(service.min_notice_min, service.horizon_days))
        if limits_conflict(notice_min=notice, horizon_days=days):
            raise RulesContradict(
                f"“{service}” could not be booked any more: its notice would be {length(notice)}, its furthest date "
                f"{_days(days)} ahead. Change the service first.",
                "min_notice_min" if service.min_notice_min != notice else "horizon_days",
            )


def _days(number):
    return "1 day" if number == 1 else f"{number} days"
