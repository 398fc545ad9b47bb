"""Money in the salon's admin: bookings with their buttons, and what was charged and given back, to read."""

from payments.admin import records, visits

__all__ = ["records", "visits"]
