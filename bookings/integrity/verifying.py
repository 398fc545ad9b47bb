"""The check of one salon's diary."""

import zoneinfo

from bookings import availability
from bookings.integrity.findings import Report
from bookings.integrity.holds import is_orphaned, orphaned_holds
from bookings.integrity.occupancy import occupancy_faults
from bookings.integrity.overlaps import overlaps
from bookings.integrity.reading import one_moment, read
from bookings.integrity.rules import outside_rules
from bookings.integrity.totals import totals

CHECKS = (overlaps, occupancy_faults, orphaned_holds, totals)


def verify(*, business):
    """A `Report` on the current salon's diary, as it is at one moment by the database's clock. Changes and locks nothing.

    One query for the diary, and three for the rules where visits are to come.
    """
    with one_moment():
        everything = read()
        zone = zoneinfo.ZoneInfo(business.timezone)
        findings = [finding for check in CHECKS for finding in check(everything, zone)]
        findings += outside_rules(everything, business)
    return Report(
        checked_at=availability.instant(everything.clock),
        looked_at={
            "bookings": len(everything.visits),
            "coming": len(everything.coming),
            "occupancy": len(everything.rows),
            "sessions": len(everything.meetings),
        },
        findings=tuple(sorted(findings, key=_order)),
    )


def can_end(*, booking):
    """Whether a booking is a hold that never ended, now: `services.release_hold` gives its time back."""
    with one_moment():
        everything = read()
    return booking.pk in everything.visits and is_orphaned(everything, everything.visits[booking.pk])


def _order(finding):
    """The first to come first; what has no time last."""
    return finding.when is None, finding.when and finding.when.timestamp(), finding.booking or "", finding.kind
