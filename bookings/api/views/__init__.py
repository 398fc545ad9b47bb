"""The diary's endpoints: for everybody (`booking`), for members of the salon (`catalogue`, `team`, `staff`)."""

from bookings.api import errors  # noqa: F401 -- tells the error handler about the diary's refusals
