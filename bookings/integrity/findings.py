"""What the check of the diary finds, and what each kind means in plain words."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from bookings import words


class Kind(StrEnum):
    """Stable: scripts and screens tell these apart."""

    OVERLAP = "overlap"
    BOOKING_WITHOUT_OCCUPANCY = "booking_without_occupancy"
    OCCUPANCY_WITHOUT_BOOKING = "occupancy_without_booking"
    ORPHANED_HOLD = "orphaned_hold"
    TOTALS = "totals"
    OUTSIDE_RULES = "outside_rules"


class Severity(StrEnum):
    """An error is a fault of the diary; a notice is a sound booking that somebody should look at."""

    ERROR = "error"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is not as it should be. `booking` is a reference, None where no booking is concerned; `when` is UTC.

    The sentence leaves out what `booking`, `when` and `who` say. `can_end`: it is a hold that `services.release_hold` ends.
    """

    kind: Kind
    sentence: str
    advice: str
    severity: Severity = Severity.ERROR
    booking: str | None = None
    booking_id: UUID | None = None
    who: str = ""
    when: datetime | None = None
    can_end: bool = False

    def place(self, zone):
        """Which booking, when on the salon's wall, with whom: `7QX2M4KD, Tue 4 Nov, 10:30, Ann`."""
        return ", ".join(filter(None, (self.booking, self.when and words.when(self.when.astimezone(zone)), self.who)))

    def as_json(self):
        """Plain values, the instant as ISO 8601."""
        values = asdict(self)
        del values["booking_id"], values["can_end"]
        return values | {"when": self.when and self.when.isoformat()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One check of one salon's diary. `checked_at` is the database's clock; `looked_at` counts what was read."""

    checked_at: datetime
    looked_at: dict = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    @property
    def errors(self):
        return [finding for finding in self.findings if finding.severity == Severity.ERROR]

    @property
    def notices(self):
        return [finding for finding in self.findings if finding.severity == Severity.NOTICE]

    def by_kind(self):
        """(kind, findings) for every kind that was found, in the order of `Kind`."""
        groups = ((kind, [finding for finding in self.findings if finding.kind == kind]) for kind in Kind)
        return [(kind, found) for kind, found in groups if found]


@dataclass(frozen=True, slots=True)
class Meaning:
    """A kind for people: what it is called, what it means, what to do."""

    title: str
    means: str
    todo: str


MEANINGS = {
    Kind.OVERLAP: Meaning(
        "Too much at once",
        "More is booked at one time than a person, room or chair takes.",
        "Where visits clash, move one of them before both guests are there.",
    ),
    Kind.BOOKING_WITHOUT_OCCUPANCY: Meaning(
        "Not kept free",
        "These visits stand in the list, but their time is not kept: somebody else can book it.",
        "Move the visit away and back again: that keeps its time. Tell us if it comes back.",
    ),
    Kind.OCCUPANCY_WITHOUT_BOOKING: Meaning(
        "Kept for nobody",
        "Time is taken that no visit needs, or it lies elsewhere than its visit. Customers cannot book it.",
        "Tell us the references below: we free the time. Nothing is promised to anybody there.",
    ),
    Kind.ORPHANED_HOLD: Meaning(
        "Holds that never ended",
        "Somebody started to book and left, and the time was not given back when their minutes had run out.",
        "End the hold here. If there are many, the background worker is not running: tell us.",
    ),
    Kind.TOTALS: Meaning(
        "Details that do not add up",
        "The price, times or person shown for the visit differ from those of its services.",
        "Compare the visit with what you agreed with the customer, and tell us the reference.",
    ),
    Kind.OUTSIDE_RULES: Meaning(
        "Need a move",
        "Hours, closures, breaks or the team have changed since these visits were booked. The visits stand as promised.",
        "Call the customer and move the visit, or keep it if it still suits you both.",
    ),
}
