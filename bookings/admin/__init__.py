"""The salon's diary in its admin: catalogue, team and hours, customers. Bookings are shown by `payments`, with their money."""

from bookings.admin import catalogue, customers, team

__all__ = ["catalogue", "customers", "team"]
