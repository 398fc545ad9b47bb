"""The salon's catalogue, its people and hours, its customers and their bookings."""

from bookings.models.bookings import Booking, BookingItem, Occupancy, Source, Status
from bookings.models.catalogue import Service, ServiceCategory, ServiceTeamAssignment
from bookings.models.customers import Customer
from bookings.models.hours import Closure, OpeningHours, SpecialDay, TeamMemberAvailability, TimeBlock
from bookings.models.team import TeamMember, TeamRole

__all__ = [
    "Booking",
    "BookingItem",
    "Closure",
    "Customer",
    "Occupancy",
    "OpeningHours",
    "Service",
    "ServiceCategory",
    "ServiceTeamAssignment",
    "Source",
    "SpecialDay",
    "Status",
    "TeamMember",
    "TeamMemberAvailability",
    "TeamRole",
    "TimeBlock",
]
