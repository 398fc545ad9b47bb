"""What an API token may be let do: one table of scopes, and one of the addresses each of them opens.

An address that is not in `ENDPOINTS`, or a method it has no scope for, is closed to API tokens.
"""

from typing import NamedTuple

from django.db.models import TextChoices

from tenants.permissions import Permission


class Scope(TextChoices):
    BOOKINGS_READ = "bookings:read", "Read bookings"
    BOOKINGS_WRITE = "bookings:write", "Book groups, move bookings and check guests in"
    CUSTOMERS_READ = "customers:read", "Read customers, how to reach them and the team’s notes"
    CUSTOMERS_WRITE = "customers:write", "Add, change, merge and erase customers"
    CATALOGUE_READ = "catalogue:read", "Read services and categories"
    CATALOGUE_WRITE = "catalogue:write", "Change services and categories"
    TEAM_READ = "team:read", "Read the team, its hours and closures"
    TEAM_WRITE = "team:write", "Change the team, its hours and closures"
    GIFT_CARDS_READ = "gift_cards:read", "Read gift cards"
    GIFT_CARDS_WRITE = "gift_cards:write", "Issue gift cards"
    MONEY_READ = "money:read", "Read payments, saved cards’ last digits and dispute packs"
    MONEY_WRITE = "money:write", "Complete, cancel, charge and refund visits"
    SETTINGS_READ = "settings:read", "Read settings and the words of messages"
    SETTINGS_WRITE = "settings:write", "Change settings, the words of messages and what is shown of reviews"
    ANALYTICS_READ = "analytics:read", "Read figures"
    TRAIL_READ = "trail:read", "Read who did what"


#: How they are offered on the page.
GROUPS = (
    ("Bookings", (Scope.BOOKINGS_READ, Scope.BOOKINGS_WRITE)),
    ("Customers", (Scope.CUSTOMERS_READ, Scope.CUSTOMERS_WRITE)),
    ("Catalogue", (Scope.CATALOGUE_READ, Scope.CATALOGUE_WRITE)),
    ("Team and hours", (Scope.TEAM_READ, Scope.TEAM_WRITE)),
    ("Gift cards", (Scope.GIFT_CARDS_READ, Scope.GIFT_CARDS_WRITE)),
    ("Money", (Scope.MONEY_READ, Scope.MONEY_WRITE)),
    ("Settings", (Scope.SETTINGS_READ, Scope.SETTINGS_WRITE)),
    ("Figures", (Scope.ANALYTICS_READ,)),
    ("Audit trail", (Scope.TRAIL_READ,)),
)
READING = ("GET", "HEAD", "OPTIONS")


class Needs(NamedTuple):
    """The scope for reading and the one for everything else; None is closed."""

    read: Scope | None = None
    write: Scope | None = None


CUSTOMERS = Needs(Scope.CUSTOMERS_READ, Scope.CUSTOMERS_WRITE)
CATALOGUE = Needs(Scope.CATALOGUE_READ, Scope.CATALOGUE_WRITE)
TEAM = Needs(Scope.TEAM_READ, Scope.TEAM_WRITE)
WRITE_TEAM = Needs(write=Scope.TEAM_WRITE)
SETTINGS = Needs(Scope.SETTINGS_READ, Scope.SETTINGS_WRITE)
WRITE_WORDS = Needs(write=Scope.SETTINGS_WRITE)
READ_BOOKINGS = Needs(read=Scope.BOOKINGS_READ)
WRITE_BOOKINGS = Needs(write=Scope.BOOKINGS_WRITE)
READ_MONEY = Needs(read=Scope.MONEY_READ)
MOVE_MONEY = Needs(write=Scope.MONEY_WRITE)
FIGURES = Needs(read=Scope.ANALYTICS_READ)

#: URL name → what it needs. Not here, and so closed: logins, API tokens themselves, addresses of calendars, which would
#: outlive the token, the plan, Stripe's account.
ENDPOINTS = {
    "bookings-api:bookings": READ_BOOKINGS,
    "bookings-api:reschedule": WRITE_BOOKINGS,
    "bookings-api:undo-move": WRITE_BOOKINGS,
    "bookings-api:check-in": WRITE_BOOKINGS,
    "payments-api:booking": READ_BOOKINGS,
    "bookings-api:group": READ_BOOKINGS,
    # A POST that stores nothing.
    "bookings-api:group-availability": Needs(write=Scope.BOOKINGS_READ),
    "payments-api:groups": WRITE_BOOKINGS,
    # What it answers with are bookings.
    "bookings-api:customer-bookings": READ_BOOKINGS,
    "bookings-api:customers": CUSTOMERS,
    "bookings-api:customer": CUSTOMERS,
    "bookings-api:customer-notes": CUSTOMERS,
    "bookings-api:customer-merge": CUSTOMERS,
    "bookings-api:customer-erase": CUSTOMERS,
    "bookings-api:services": CATALOGUE,
    "bookings-api:service": CATALOGUE,
    "bookings-api:categories": CATALOGUE,
    "bookings-api:category": CATALOGUE,
    "bookings-api:team": TEAM,
    "bookings-api:team-member": TEAM,
    "bookings-api:team-availability": TEAM,
    "bookings-api:special-days": TEAM,
    "bookings-api:special-day": TEAM,
    "bookings-api:time-blocks": TEAM,
    "bookings-api:time-block": TEAM,
    "bookings-api:closures": TEAM,
    "bookings-api:closure": TEAM,
    # A preview stores nothing, but waits for whoever saves: whoever may save the change may look at it.
    "bookings-api:change-hours": WRITE_TEAM,
    "bookings-api:change-week": WRITE_TEAM,
    "bookings-api:change-closure": WRITE_TEAM,
    "bookings-api:change-leaving": WRITE_TEAM,
    "bookings-api:change-length": Needs(write=Scope.CATALOGUE_WRITE),
    "bookings-api:settings": SETTINGS,
    "bookings-api:templates": SETTINGS,
    "bookings-api:template": SETTINGS,
    # A POST that stores nothing.
    "bookings-api:template-preview": Needs(write=Scope.SETTINGS_READ),
    "waitlist-api:wishes": Needs(read=Scope.CUSTOMERS_READ),
    "waitlist-api:wish": WRITE_BOOKINGS,
    "waitlist-api:offer": WRITE_BOOKINGS,
    "feeds-api:busy-calendars": TEAM,
    "feeds-api:busy-calendar": TEAM,
    "reviews-api:reviews": Needs(read=Scope.CUSTOMERS_READ),
    # Whoever may write what the salon's site says.
    "reviews-api:publish": WRITE_WORDS,
    "reviews-api:hide": WRITE_WORDS,
    "reviews-api:answer": WRITE_WORDS,
    "giftcards-api:cards": Needs(Scope.GIFT_CARDS_READ, Scope.GIFT_CARDS_WRITE),
    "giftcards-api:card": Needs(read=Scope.GIFT_CARDS_READ),
    "giftcards-api:packages": Needs(Scope.GIFT_CARDS_READ, Scope.GIFT_CARDS_WRITE),
    "giftcards-api:package": Needs(Scope.GIFT_CARDS_READ, Scope.GIFT_CARDS_WRITE),
    "memberships-api:plans": CATALOGUE,
    "memberships-api:plan": CATALOGUE,
    "memberships-api:members": Needs(read=Scope.CUSTOMERS_READ),
    "memberships-api:member": Needs(read=Scope.CUSTOMERS_READ),
    "memberships-api:end": MOVE_MONEY,
    "memberships-api:keep": MOVE_MONEY,
    "payments-api:methods": READ_MONEY,
    "payments-api:status": READ_MONEY,
    "payments-api:dispute-pack": READ_MONEY,
    "payments-api:charge-preview": READ_MONEY,
    "payments-api:complete": MOVE_MONEY,
    "payments-api:no-show": MOVE_MONEY,
    "payments-api:cancel": MOVE_MONEY,
    "payments-api:refund": MOVE_MONEY,
    "payments-api:retry": MOVE_MONEY,
    "payments-api:send-link": MOVE_MONEY,
    "payments-api:paid-in-cash": MOVE_MONEY,
    "payments-api:capture": MOVE_MONEY,
    "payments-api:refund-of": MOVE_MONEY,
    "payments-api:analytics": FIGURES,
    "payments-api:revenue": FIGURES,
    "bookings-api:booking-analytics": FIGURES,
    "audit-api:trail": Needs(read=Scope.TRAIL_READ),
}

#: What answers of other scopes would tell along the way, and the scope that a key has to be made with for it.
TOLD_WITH = {Permission.VIEW_CUSTOMERS: Scope.CUSTOMERS_READ, Permission.VIEW_MONEY: Scope.MONEY_READ}


def withheld_from(token):
    """The permissions whose subject a booking's answer leaves out for a key."""
    return frozenset(permission for permission, scope in TOLD_WITH.items() if scope not in token.scopes)


def scope_for(view_name, method):
    """The scope an API token needs there, or None where API tokens are not let in at all."""
    needs = ENDPOINTS.get(view_name, Needs())
    return needs.read if method in READING else needs.write
