"""Every address of both hosts, and whose ids and links are put into it."""

import re
from dataclasses import dataclass
from itertools import product
from urllib.parse import quote

from django.apps import apps
from django.urls import get_resolver

from config.tests.test_doors import methods_of, patterns

ARGUMENT = re.compile(r"<(?:\w+:)?\w+>")
ADMIN = re.compile(r"(?:admin|operators)/(\w+)/(\w+)/<path:object_id>")
NOBODYS = "zzzz"

#: pattern up to an argument → the model whose key stands there, or the name of a link (`Salon.links`). “=text” is that
#: text and nobody's; “~link” only one's own, as whoever holds the other one may read it, wherever it was got from.
ARGUMENTS = {
    # salons
    "book/<uuid:service>": "bookings.Service",
    "book/done/<str:token>": "manage",
    "book/checkout/<uuid:booking>": "hold",
    "b/<str:token>": "manage",
    "b/<str:token>/receipts/<uuid:action>": "payments.MoneyAction",
    "pay/<str:token>": "pay",
    "unsubscribe/<str:token>": "unsubscribe",
    "reviews/<str:token>": "review",
    "gift-cards/<str:token>": "gift",
    "gift-cards/orders/<str:token>": "order",
    "packages/<uuid:pk>": "giftcards.Package",
    "memberships/<uuid:plan>": "memberships.MembershipPlan",
    "m/<str:token>": "membership",
    "m/<str:token>/card/<str:page_id>": "=cs_zzzz",
    "waitlist/<str:token>": "wish",
    "waitlist/offers/<str:token>": "offer",
    "preview/<str:token>": "preview",
    "media/<path:path>": "media",
    "calendar/<str:token>": "feed",
    "booking/tenant-data/<uuid:tenant_id>": "tenants.Business",
    "booking/hold/<uuid:hold_id>": "hold",
    "booking/confirm/<uuid:booking_id>": "hold",
    "api/v1/services/<uuid:pk>": "bookings.Service",
    "api/v1/service-categories/<uuid:pk>": "bookings.ServiceCategory",
    "api/v1/team/members/<uuid:pk>": "bookings.TeamMember",
    "api/v1/team/<uuid:member_id>": "bookings.TeamMember",
    "api/v1/team/<uuid:member_id>/special-days/<uuid:pk>": "bookings.SpecialDay",
    "api/v1/team/<uuid:member_id>/time-blocks/<uuid:pk>": "bookings.TimeBlock",
    "api/v1/closures/<uuid:pk>": "bookings.Closure",
    "api/v1/admin/bookings/<uuid:pk>": "bookings.Booking",
    "api/v1/admin/booking-groups/<uuid:pk>": "bookings.Family",
    "api/v1/admin/customers/<uuid:pk>": "bookings.Customer",
    "api/payments/status/<uuid:pk>": "bookings.Booking",
    "api/v1/notification-templates/<uuid:pk>": "messaging.NotificationTemplate",
    "api/v1/waitlist/<uuid:pk>": "waitlist.Wish",
    "api/v1/calendars/feeds/<uuid:pk>": "feeds.FeedLink",
    "api/v1/calendars/busy/<uuid:pk>": "feeds.BusyCalendar",
    "api/v1/reviews/<uuid:pk>": "reviews.Review",
    "api/v1/gift-cards/<uuid:pk>": "giftcards.GiftCard",
    "api/v1/packages/<uuid:pk>": "giftcards.Package",
    "api/v1/membership-plans/<uuid:pk>": "memberships.MembershipPlan",
    "api/v1/memberships/<uuid:pk>": "memberships.Membership",
    "api/v1/webhooks/<uuid:pk>": "webhooks.WebhookEndpoint",
    "api/v1/webhooks/<uuid:pk>/deliveries/<uuid:delivery_id>": "webhooks.WebhookDelivery",
    "api/v1/api-tokens/<uuid:pk>": "api_tokens.APIToken",
    "admin/api-access/<uuid:pk>": "api_tokens.APIToken",
    "admin/team-access/invitations/<uuid:pk>": "accounts.Invitation",
    "admin/team-access/members/<uuid:pk>": "tenants.Membership",
    "admin/words/<slug:trigger>": "=booking_confirmed",
    "admin/words/<slug:trigger>/<slug:channel>": "=email",
    "dashboard/calendar/<uuid:pk>": "bookings.Booking",
    "dashboard/calendar/blocks/<uuid:pk>": "bookings.TimeBlock",
    "dashboard/analytics/<slug:key>": "=revenue",
    "dashboard/customers/<uuid:pk>": "bookings.Customer",
    "dashboard/customers/<uuid:pk>/notes/<uuid:note_pk>": "bookings.CustomerNote",
    "dashboard/customers/<uuid:pk>/merge/<uuid:other_pk>": "bookings.Customer",
    "dashboard/customers/<uuid:pk>/allow/<uuid:suppression_pk>": "messaging.Suppression",
    "dashboard/packages/<uuid:pk>": "giftcards.Package",
    "dashboard/packages/sold/<uuid:card>": "giftcards.GiftCard",
    "dashboard/memberships/<uuid:pk>": "memberships.Membership",
    "dashboard/memberships/<uuid:pk>/months/<uuid:grant>": "memberships.MembershipGrant",
    "dashboard/memberships/plans/<uuid:pk>": "memberships.MembershipPlan",
    "dashboard/messages/<uuid:pk>": "messaging.Message",
    "dashboard/reviews/<uuid:pk>": "reviews.Review",
    "dashboard/notices/<uuid:pk>": "messaging.Notice",
    "dashboard/settings/closures/<uuid:pk>": "bookings.Closure",
    "dashboard/settings/team/<uuid:pk>": "bookings.TeamMember",
    "dashboard/settings/team/<uuid:pk>/days/<uuid:day>": "bookings.SpecialDay",
    "dashboard/settings/team/<uuid:pk>/blocks/<uuid:block>": "bookings.TimeBlock",
    "dashboard/settings/words/look/<uuid:key>": "=00000000-0000-4000-8000-000000000000",
    "dashboard/settings/words/<slug:language>": "=en",
    "dashboard/settings/words/<slug:language>/<slug:trigger>": "=booking_confirmed",
    "dashboard/settings/words/<slug:language>/<slug:trigger>/<slug:channel>": "=email",
    "dashboard/settings/calendars/<uuid:pk>": "feeds.FeedLink",
    "dashboard/settings/calendars/busy/<uuid:pk>": "feeds.BusyCalendar",
    "dashboard/settings/trail/<uuid:pk>": "audit.AuditEntry",
    "dashboard/trail/<uuid:pk>": "audit.AuditEntry",
    "dashboard/waitlist/<uuid:pk>": "waitlist.Wish",
    "dashboard/visits/<uuid:pk>": "bookings.Booking",
    "dashboard/visits/<uuid:pk>/receipts/<uuid:action>": "payments.MoneyAction",
    # both
    "accounts/sessions/<uuid:pk>": "accounts.SignIn",
    "accounts/2fa/webauthn/keys/<int:pk>": "mfa.Authenticator",
    "dev/outbox/<str:name>": "=zzzz",
    "dev/outbox/<str:name>/files/<int:number>": "=0",
    # the platform
    "mail/events/<slug:provider>": "=postmark",
    "texts/status/<str:token>": "=zzzz",
    "legal/<slug:page>": "=terms",
    "directory/<slug:category>": "=hair",
    "directory/<slug:category>/<str:city>": "=paris",
    "businesses/<uuid:pk>": "tenants.Business",
    "businesses/<uuid:business_id>": "tenants.Business",
    "businesses/<uuid:business_id>/support/<uuid:access_id>": "tenants.SupportAccess",
    "businesses/<uuid:business>": "tenants.Business",
    "businesses/<uuid:business>/domain/<uuid:domain_id>": "tenants.CustomDomain",
    "billing/<uuid:business>": "tenants.Business",
    "billing/<uuid:business>/card/<str:page_id>": "=cs_zzzz",
    "invitations/<str:token>": "~invitation",
    "credits/<uuid:purchase>": "credits.CreditPurchase",
    "onboarding/services/categories/<uuid:pk>": "bookings.ServiceCategory",
    "onboarding/services/<uuid:pk>": "bookings.Service",
}
#: patterns that are regular expressions → the addresses they stand for
SPELLED_OUT = {
    r"accounts/^confirm-email/(?P<key>[-:\w]+)/$": "accounts/confirm-email/zzzz/",
    r"accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": "accounts/password/reset/key/zz-zzzz/",
}
CATCH_ALL = re.compile(r"\(\?P<url>\.\*\)\$$")
APP_LABELS = re.compile(r"\^\(\?P<app_label>([\w|]+)\)/\$$")


class UnknownArgument(LookupError):
    """A pattern holds an argument nobody has said what to put into."""


@dataclass(frozen=True)
class Address:
    """A pattern with its arguments filled in. `foreign`: at least one of them is of the other salon."""

    pattern: str
    path: str
    foreign: bool
    sent: set
    methods: frozenset


def addresses(urlconf, here, there):
    """Every pattern: with the ids of `here`, and once for each way to put ids of `there` into it."""
    seen = set()
    for pattern, view in patterns(get_resolver(urlconf)):
        for path, foreign, sent in filled(pattern, here, there):
            if path not in seen:
                seen.add(path)
                yield Address(pattern, f"/{path}", foreign, sent, frozenset(methods_of(view)))


def filled(pattern, here, there):
    """(path, whether anything in it is foreign, what foreign was put in) for each choice of owners."""
    pattern = spelled_out(pattern)
    places = list(ARGUMENT.finditer(pattern))
    what = [argument_at(pattern, place) for place in places]
    owned = [not name.startswith(("=", "~")) for name in what]
    for choice in product(*[(here, there) if may else (here,) for may in owned]):
        values = [value_of(name, salon) for name, salon in zip(what, choice, strict=True)]
        path, end = "", 0
        for place, value in zip(places, values, strict=True):
            path += pattern[end : place.start()] + quote(value, safe="/:=@._-")
            end = place.end()
        sent = {value for value, salon in zip(values, choice, strict=True) if salon is there}
        yield path + pattern[end:], there in choice, sent


def spelled_out(pattern):
    """A pattern without regular expressions."""
    pattern = SPELLED_OUT.get(pattern, CATCH_ALL.sub("nothing/here/", pattern))
    return APP_LABELS.sub(lambda found: f"{found[1].partition('|')[0]}/", pattern)


def argument_at(pattern, place):
    """What stands at an argument. Raises UnknownArgument."""
    until = pattern[: place.end()]
    if found := ADMIN.fullmatch(until):
        return apps.get_model(*found.groups())._meta.label
    if until not in ARGUMENTS:
        raise UnknownArgument(
            f"Whose id belongs into “{until}”? Add it to ARGUMENTS in config/tests/walls/addresses.py:"
            " the model's label, the name of a link, or “=value” where it is nobody's."
        )
    return ARGUMENTS[until]


def value_of(name, salon):
    if name.startswith("="):
        return name[1:]
    name = name.removeprefix("~")
    return salon.links[name] if name in salon.links else str(salon.keys.get(name, NOBODYS))
