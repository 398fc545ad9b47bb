"""What a service must not say of itself at once, nor against the salon's own rules."""

from bookings import words
from bookings.settings_rules.limits import length, limits_conflict, reach
from bookings.settings_rules.policies import FIXED, amount_conflicts

PROCESSING = "processing"


def class_conflicts(*, grouped, size, shared, scheduled, phases):
    """Field → sentence, for the switches of groups and classes; empty where they agree.

    `phases` are dictionaries with a `kind`, as the service stores them.
    """
    found = {}
    if size > 1 and not grouped:
        found["max_group_size"] = "Switch on group booking, or set the group size to 1."
    elif shared and size < 2:
        found["max_group_size"] = "A class needs two seats or more. Raise the group size, or switch “Class” off."
    if shared and not grouped:
        found["shared_session"] = "A class is a group. Switch on group booking too, or switch “Class” off."
    if scheduled and not shared:
        found["scheduled_only"] = "Only a class takes place at set dates. Switch on “Class” too, or switch this off."
    if shared and any(phase["kind"] == PROCESSING for phase in phases):
        found["phases"] = "A class has no processing time. Take it out of the phases, or switch “Class” off."
    return found


def deposit_conflicts(service, *, prices, money):
    """Field → sentence: a fixed deposit is at most what the dearest person asks.

    `service` has the columns of a deposit, `prices` are cents, `money` writes them.
    """
    dearest = max(prices)
    above = service.deposit_type == FIXED and service.deposit_cents > dearest
    more = {"deposit_cents": f"The deposit is more than the service costs, {money(dearest)}."} if above else {}
    return more | amount_conflicts(service)


def notice_conflicts(*, business, service):
    """Field → sentence: the notice that counts must end before the furthest date that counts.

    Both are (notice in minutes, furthest date in days); None is "no own".
    """
    notice, days = reach(business=business, service=service)
    if not limits_conflict(notice_min=notice, horizon_days=days):
        return {}
    return {
        "min_notice_min" if service[0] == notice else "horizon_days": (
            f"With a notice of {length(notice)} and bookings at most {words.count(days, 'day', 'days')} ahead, nothing "
            "could be booked. Shorten the notice, or allow more days."
        )
    }
