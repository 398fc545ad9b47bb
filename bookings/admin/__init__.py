"""The salon's diary in its admin. Bookings are shown by `payments`, with their money."""

from bookings.admin import catalogue, customers, sessions, team

__all__ = ["catalogue", "customers", "sessions", "team"]
