"""Is the diary sound? Reads it all, compares it with what it should be, changes nothing."""

from bookings.integrity.findings import MEANINGS, Finding, Kind, Meaning, Report, Severity
from bookings.integrity.holds import GRACE
from bookings.integrity.reading import one_moment
from bookings.integrity.verifying import can_end, verify

__all__ = ["GRACE", "MEANINGS", "Finding", "Kind", "Meaning", "Report", "Severity", "can_end", "one_moment", "verify"]
