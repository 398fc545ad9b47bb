"""One at a time on a salon's list: who was first stays a fact while offers are made."""

from bookings.services import locks


def take():
    """Wait for the salon's list and have it until the transaction ends; taken before any other lock."""
    locks.one_at_a_time("waitlist")
