"""The salon's catalogue, its people and hours, its customers and their bookings."""

from bookings.models.bookings import Booking, BookingItem, Occupancy, Source, Status
from bookings.models.catalogue import Service, ServiceCategory, ServiceTeamAssignment
from bookings.models.customers import Customer, CustomerNote, FormerCustomer
from bookings.models.families import Family
from bookings.models.hours import (
    Break,
    Closure,
    OpeningHours,
    ServiceHours,
    SpecialDay,
    SpecialOpening,
    TeamMemberAvailability,
    TimeBlock,
)
from bookings.models.reminders import ReminderRule, ReminderSettings
from bookings.models.resources import Resource
from bookings.models.series import Series
from bookings.models.sessions import GroupSession, Seat
from bookings.models.team import TeamMember, TeamRole

__all__ = [
    "Booking",
    "BookingItem",
    "Break",
    "Closure",
    "Customer",
    "CustomerNote",
    "Family",
    "FormerCustomer",
    "GroupSession",
    "Occupancy",
    "OpeningHours",
    "ReminderRule",
    "ReminderSettings",
    "Resource",
    "Seat",
    "Series",
    "Service",
    "ServiceCategory",
    "ServiceHours",
    "ServiceTeamAssignment",
    "Source",
    "SpecialDay",
    "SpecialOpening",
    "Status",
    "TeamMember",
    "TeamMemberAvailability",
    "TeamRole",
    "TimeBlock",
]
