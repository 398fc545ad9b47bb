"""Money's endpoints: checkout, open to everybody, and the buttons and reports of the salon's staff."""

from bookings.api import errors  # noqa: F401 -- tells the error handler about the diary's refusals
