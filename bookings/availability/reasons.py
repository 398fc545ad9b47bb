"""Why a start cannot be booked (D14), and the same question asked again before writing (D13)."""

from collections.abc import Iterator, Sequence, Set

from .codes import Causes, Code, Reason
from .limits import DAY, bounds, length
from .obstacles import obstacles
from .sessions import session_at, session_reasons
from .values import Able, Block, Busy, Person, Rules


def check(
    *, able: Able, person: Person, rules: Rules, start: int, now: int, override: Set[str] = frozenset()
) -> list[Reason]:
    """`reasons` as the write transaction asks, with what it has just loaded and a fresh `now`: empty means go (D13)."""
    return reasons(able=able, person=person, rules=rules, start=start, now=now, override=override)


def reasons(
    *,
    able: Able,
    person: Person,
    rules: Rules,
    start: int,
    now: int,
    override: Set[str] = frozenset(),
    busy: Sequence[Busy] = (),
    blocks: Sequence[Block] = (),
    name: str = "",
) -> list[Reason]:
    """Every rule that keeps this person from taking a visit at `start`; empty exactly when `starts` lists it (D14).

    `busy` and `blocks` only lend their refs to what `person` and the resources already hold; they never decide.
    `name` is the service's, for the sentences.
    """
    limits = list(limit_reasons(rules=rules, start=start, now=now, override=override))
    causes = Causes(busy=busy, blocks=blocks)
    found = one_service_reasons(able=able, person=person, rules=rules, start=start, causes=causes, name=name)
    return [*limits, *found]


def one_service_reasons(
    *, able: Able, person: Person, rules: Rules, start: int, causes: Causes, name: str = ""
) -> list[Reason]:
    """`reasons` without past, notice and horizon. A class is joined where it stands, else opened like any service (D11)."""
    session = session_at(able=able, start=start)
    joining = session_reasons(able=able, person=person, rules=rules, start=start, session=session, causes=causes)
    if able.joins_only or (session and not joining):
        return joining
    opening = obstacles(able=able, person=person, rules=rules, start=start, causes=causes, name=name)
    return joining if session and opening else opening


def limit_reasons(*, rules: Rules, start: int, now: int, override: Set[str] = frozenset()) -> Iterator[Reason]:
    """Whether the start is past, too soon or too far ahead (D9)."""
    earliest, too_late = bounds(rules=rules, now=now, override=override)
    if start < now:
        yield Reason(Code.PAST, "This time has passed.")
    elif start < earliest:
        yield Reason(Code.NOTICE, f"Bookings close {length(rules.notice_min)} before the start.")
    if start >= too_late:
        yield Reason(Code.HORIZON, f"Bookings open {length(rules.horizon_days * DAY)} ahead.")


def set_aside(*, rules: Rules, start: int, now: int, override: Set[str]) -> frozenset[str]:
    """The rules of `override` that had to give way for a start: what is recorded, not what might have been needed (D9)."""
    return frozenset(str(reason.code) for reason in limit_reasons(rules=rules, start=start, now=now)) & override
