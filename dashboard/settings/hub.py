"""The page that leads to every setting: what the person may open, each with a sentence of what it does there."""

from dataclasses import dataclass

from django.urls import reverse

from payments.owners import billing_url
from tenants import hosts, policies
from tenants.permissions import Permission


@dataclass(frozen=True, slots=True)
class Way:
    """`url_name` is one of this host's; `elsewhere` makes the address of a page on the platform's host. `also` is wanted
    beside `permission`.
    """

    label: str
    about: str
    permission: Permission
    url_name: str = ""
    elsewhere: object = None
    icon: str = "gear"
    also: Permission | None = None


def _salon(name):
    return lambda business: (
        f"{hosts.platform_url()}{reverse(f'salon:{name}', args=[business.pk], urlconf='config.urls_platform')}"
    )


ARRANGE, OWN = Permission.ARRANGE, Permission.OWN
GROUPS = (
    (
        "Your salon",
        (
            Way(
                "Details",
                "Name, address, telephone and what you say about yourself.",
                ARRANGE,
                "dashboard:details",
                icon="pin",
            ),
            Way(
                "Website",
                "The button for your own website, and whether the directory lists you.",
                Permission.WRITE_WORDS,
                "admin:website",
                icon="out",
            ),
            Way(
                "Words of messages",
                "What confirmations, reminders and receipts say, and in which languages.",
                Permission.WRITE_WORDS,
                "dashboard:words",
                icon="mail",
            ),
            Way(
                "Reminders",
                "When customers are reminded of a visit, quiet hours, and asking afterwards.",
                ARRANGE,
                "dashboard:reminders",
                icon="clock",
            ),
            Way(
                "Reviews",
                "Whether customers may rate their visits, and when that is shown.",
                Permission.WRITE_WORDS,
                "dashboard:review-settings",
                icon="star",
            ),
            Way(
                "Text messages",
                "When one leaves beside the mail, and what it costs.",
                Permission.WRITE_WORDS,
                "dashboard:texts",
                icon="phone",
            ),
            Way(
                "Web address and domain",
                "Where customers find your page: its name with us, and a domain of your own.",
                OWN,
                elsewhere=_salon("overview"),
                icon="out",
            ),
        ),
    ),
    (
        "Hours and team",
        (
            Way("Opening hours", "When the salon is open every week.", ARRANGE, "dashboard:hours", icon="clock"),
            Way(
                "Closures",
                "Holidays and days on which the salon is shut.",
                ARRANGE,
                "dashboard:closures",
                icon="calendar",
            ),
            Way(
                "Team’s hours and days off",
                "Who works when, holidays, and time in which nobody is booked.",
                ARRANGE,
                "dashboard:team",
                icon="people",
            ),
            Way(
                "Calendars",
                "Visits in the calendar of a phone or computer.",
                Permission.VIEW_DIARY,
                "dashboard:calendars",
                icon="calendar",
            ),
            Way(
                "Visits without their time",
                "Coming visits outside the hours, on closed days, or with somebody who left.",
                ARRANGE,
                "dashboard:outside",
                icon="calendar",
            ),
            Way(
                "Team members",
                "Add people, what they do, their pictures and breaks.",
                ARRANGE,
                "admin:bookings_teammember_changelist",
                icon="people",
            ),
        ),
    ),
    (
        "What can be booked",
        (
            Way(
                "Services",
                "What you offer: length, price, who does it, extras.",
                ARRANGE,
                "admin:bookings_service_changelist",
                icon="table",
            ),
            Way(
                "Lengths of services",
                "See which starts come and go before you save another length.",
                ARRANGE,
                "dashboard:lengths",
                icon="clock",
            ),
            Way(
                "Rooms and machines",
                "What a service needs beside a person.",
                ARRANGE,
                "admin:bookings_resource_changelist",
                icon="table",
            ),
            Way(
                "Booking rules",
                "How soon and how far ahead, how often a start is offered, your time zone.",
                ARRANGE,
                "dashboard:rules",
                icon="check",
            ),
            Way(
                "Policies",
                "What late cancelling and not coming cost, deposits, cards, and selling gift cards.",
                ARRANGE,
                "dashboard:policies",
                icon="lock",
            ),
            Way(
                "Gift cards",
                "Cards that were issued or sold, and issuing more.",
                Permission.MANAGE_GIFT_CARDS,
                "admin:giftcards_giftcard_changelist",
                icon="gift",
                also=Permission.VIEW_MONEY,
            ),
            Way(
                "Packages",
                "Several visits paid ahead: what you offer, and selling one at the desk.",
                Permission.MANAGE_GIFT_CARDS,
                "dashboard:packages",
                icon="gift",
            ),
        ),
    ),
    (
        "People and access",
        (
            Way(
                "Who may sign in",
                "Invite people, give them a role, take them out.",
                Permission.MANAGE_ACCESS,
                "admin:team_access",
                icon="people",
            ),
            Way(
                "Roles",
                "What admins, staff and viewers may do.",
                Permission.MANAGE_ACCESS,
                "dashboard:roles",
                icon="lock",
            ),
            Way(
                "What the team is told",
                "Who hears of bookings and of what needs attention, and the salon’s own copy.",
                OWN,
                "dashboard:notice-defaults",
                icon="bell",
            ),
            Way(
                "Audit trail",
                "Who did what, when and from where, before and after.",
                Permission.VIEW_TRAIL,
                "dashboard:trail",
                icon="history",
            ),
        ),
    ),
    (
        "Programs",
        (
            Way(
                "API access",
                "Keys for programs that work for your salon.",
                Permission.MANAGE_INTEGRATIONS,
                "admin:api_access",
                icon="lock",
            ),
            Way(
                "Webhooks",
                "Tell your own programs of bookings and money.",
                Permission.MANAGE_INTEGRATIONS,
                "admin:webhooks_webhookendpoint_changelist",
                icon="out",
            ),
        ),
    ),
    (
        "Plan",
        (
            Way(
                "Plan, billing and Stripe",
                "What you pay us, and the account your customers’ money goes to.",
                OWN,
                elsewhere=billing_url,
                icon="table",
            ),
            Way(
                "Take your data along, or close the salon",
                "Everything you have written as one file; and how to leave.",
                OWN,
                elsewhere=_salon("overview"),
                icon="leave",
            ),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Shown:
    label: str
    about: str
    icon: str
    url: str


def groups_for(membership, business):
    """[(title, [Shown])] of what the member may open."""
    groups = [(title, [_shown(way, business) for way in ways if _open(way, membership)]) for title, ways in GROUPS]
    return [(title, ways) for title, ways in groups if ways]


def _open(way, membership):
    return all(policies.may(membership, each) for each in (way.permission, way.also) if each)


def _shown(way, business):
    url = reverse(way.url_name) if way.url_name else way.elsewhere(business)
    return Shown(way.label, way.about, way.icon, url)
