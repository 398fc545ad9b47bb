"""How long a part of a visit takes when staff say so. Pure."""

from dataclasses import replace

from bookings import availability
from bookings.services.errors import NotAllowed

SHORTEST, LONGEST = 5, 12 * 60


def apply(loaded, lengths):
    """The diary with these segments (position → minutes) as long as asked for, whoever does them. Raises NotAllowed."""
    if not lengths:
        return loaded
    segments = list(loaded.segments)
    for position, minutes in lengths.items():
        able = (
            (replace(how, phases=phases(how.phases, minutes)), person) for how, person in segments[position].candidates
        )
        segments[position] = replace(segments[position], candidates=tuple(able))
    return replace(loaded, segments=segments)


def any_start(loaded):
    """The diary in which a visit starts at any minute: a start that stays was offered when it was agreed."""
    return replace(loaded, rules=replace(loaded.rules, step_min=1))


def phases(before, minutes):
    """The phases of a part that is to take `minutes`: the person's last one takes the difference. Raises NotAllowed."""
    if minutes == sum(phase.minutes for phase in before):
        return before
    if not SHORTEST <= minutes <= LONGEST:
        raise NotAllowed("A service takes from 5 minutes to 12 hours.")
    last = max(number for number, phase in enumerate(before) if phase.kind == availability.ACTIVE)
    least = sum(phase.minutes for number, phase in enumerate(before) if number != last) + SHORTEST
    if minutes < least:
        raise NotAllowed(f"This service takes at least {least} minutes.")
    changed = replace(before[last], minutes=minutes - least + SHORTEST)
    return (*before[:last], changed, *before[last + 1 :])
