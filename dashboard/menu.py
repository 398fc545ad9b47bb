"""The dashboard's menu: what the person may open, nothing else."""

from dataclasses import dataclass

from django.urls import reverse

from tenants import policies
from tenants.permissions import Permission


@dataclass(frozen=True, slots=True)
class Entry:
    key: str
    label: str
    icon: str
    url_name: str
    permission: Permission
    #: Who has this one instead finds something behind it, too.
    other: Permission | None = None

    def is_for(self, membership):
        others = (self.other,) if self.other else ()
        return any(policies.may(membership, each) for each in (self.permission, *others))


#: In their order. The first four stand at the bottom of a phone's screen, the rest behind “More”.
ENTRIES = (
    Entry("today", "Today", "clock", "dashboard:today", Permission.VIEW_DIARY),
    Entry("calendar", "Calendar", "calendar", "dashboard:calendar", Permission.VIEW_DIARY),
    Entry("visits", "Visits", "list", "dashboard:visits", Permission.VIEW_DIARY),
    Entry("customers", "Customers", "people", "dashboard:customers", Permission.VIEW_CUSTOMERS),
    Entry("waitlist", "Waiting list", "history", "dashboard:waitlist", Permission.VIEW_CUSTOMERS),
    Entry("memberships", "Memberships", "gift", "dashboard:memberships", Permission.VIEW_CUSTOMERS),
    Entry("messages", "Messages", "mail", "dashboard:messages", Permission.VIEW_CUSTOMERS),
    Entry("reviews", "Reviews", "star", "dashboard:reviews", Permission.VIEW_CUSTOMERS),
    Entry("analytics", "Figures", "chart", "dashboard:analytics", Permission.VIEW_ANALYTICS),
    Entry("settings", "Settings", "gear", "dashboard:settings", Permission.ARRANGE, Permission.MANAGE_GIFT_CARDS),
)
AT_HAND = 4


@dataclass(frozen=True, slots=True)
class Shown:
    label: str
    icon: str
    url: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Menu:
    at_hand: list
    more: list

    @property
    def is_here_in_more(self):
        return any(entry.is_here for entry in self.more)


def of(membership, here=""):
    """The Menu of a member, with the entry of the key `here` marked."""
    shown = [
        Shown(entry.label, entry.icon, reverse(entry.url_name), entry.key == here)
        for entry in ENTRIES
        if entry.is_for(membership)
    ]
    return Menu(shown[:AT_HAND], shown[AT_HAND:])
