"""One salon's February as its API tells it, for the description: what is sent are the description's own bodies."""

import json
import re
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

from django.db import connection

from bookings.api.examples import ANN, BOB, COLOUR, CUT
from bookings.models import Booking, Service, ServiceCategory
from bookings.tests.factories import make_member, make_service
from memberships.tests.making import ended_membership
from payments.models import Payment
from reviews.tests.conftest import rate
from tenants.models import Business, Role
from tenants.tests.api import ELSEWHERE, Api, signed_in

ASKED, THERE, AFTER = (datetime(2027, 2, day, hour, tzinfo=UTC) for day, hour in ((3, 15), (10, 14), (10, 17)))
ANNA = {"name": "Anna Berg", "email": "anna@example.com", "phone": "+12125550187"}
MARIE = {"name": "Marie Stone", "phone": "+12125550150"}
BEN = {"name": "Ben Adler", "email": "ben@example.com", "phone": "+12125550123"}
#: The visit the description's bodies speak of, and how it is called; then the others in their order.
BOOKING, REFS = (
    "1f0e7a52-8b0c-4f0e-9a63-2b7d4c9e1a01",
    ["7KQ2M9XA", "3FWT8HNB", "9RD4V6CE", "5JXP2Q7K", "8YAB3M4H", "2GSN6T9U"],
)
GOOD, FAILS_LATER = "pm_card_visa", "pm_card_chargeCustomerFail"
BOTH = {"service_ids": [CUT, COLOUR]}
BOOKINGS, CUSTOMERS = "/api/v1/admin/bookings", "/api/v1/admin/customers"

#: What is left to chance, and how the description writes it.
CHANCE = {
    r"eyJ[\w-]{20,}\.[\w.-]+": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ….4dWf8rZc",
    r"\b(tithi_|whsec_)[\w-]{30,}": r"\1…told-once…",
    r"\btithi_[0-9a-f]{8}\b": "tithi_7c1d09e4",
    r"_secret_\w+": "_secret_Wq7bZ2",
    r"\b(acct|ch|pi|re|seti)_[A-Za-z0-9]{14,}": r"\1_1PqVYb2eZvKYlo2C",
    r"/[\w-]{43}(/|\.ics)": r"/…theirs-alone…\1",
    r'"[\w:-]{100,}"': '"…of-what-was-seen…"',
    r"\b(?:[0-9a-f]{32}|[0-9a-f]{64})\b": "9f2c4e81b7d6a35009f2c4e81b7d6a35",
    r"http://rosa\.localhost:\d+": "https://rosa.example.com",
}
MOST_LETTERS = 600
UUID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")


class Story:
    """Asks, a second apart, and keeps the first answer of each address and title, and the first refusal of each status."""

    def __init__(self, description, clock):
        self.clock = clock
        self.operations = {
            re.compile(re.sub(r"\{\w+\}", "[^/]+", path)): (path, operations)
            for path, operations in description["paths"].items()
        }
        self.answers, self.refusals, self.spelled = {}, {}, {}
        self.ids = {known: known for known in (ANN, BOB, CUT, COLOUR)}

    def told(self):
        """What the description shows: long lists cut short, and nothing left to chance."""
        text = json.dumps(_short({"answers": self.answers, "refusals": self.refusals}), ensure_ascii=False)
        for made, shown in self.spelled.items():
            text = text.replace(made, shown)
        for pattern, shown in CHANCE.items():
            text = re.sub(pattern, shown, text)
        return json.loads(UUID.sub(self._named, text))

    def _named(self, found):
        """The same id for the same thing, counted in the order they are told in."""
        return self.ids.setdefault(found[0], str(uuid5(NAMESPACE_URL, f"story-{len(self.ids)}")))

    def get(self, api, path, title="Answer", **query):
        return self.keep("get", path, title, api.get(path, **query))

    def send(self, api, method, path, title="Answer", **changes):
        """Send the body the description shows, with these changes."""
        _, operations = self._described(path)
        asked = operations[method].get("requestBody", {}).get("content", {}).get("application/json", {})
        body = next(iter(asked.get("examples", {}).values()), {"value": {}})["value"] | changes
        answer = api.delete(path) if method == "delete" else getattr(api, method)(path, body)
        return self.keep(method, path, title, answer)

    def post(self, api, path, title="Answer", **body):
        """Send this body alone."""
        return self.keep("post", path, title, api.post(path, body))

    def keep(self, method, path, title, answer):
        self.clock.shift(1)
        status = str(answer.status_code)
        if answer.status_code >= 400:
            self.refusals.setdefault(status, answer.json())
            return answer.json()
        label = f"{method.upper()} {self._described(path)[0]} {status}"
        self.answers.setdefault(label, {}).setdefault(title, answer.json())
        return answer.json()

    def _described(self, path):
        """The address of the description, and what can be done there; what is spelled out goes before a parameter."""
        found = [each for pattern, each in self.operations.items() if pattern.fullmatch(path)]
        return min(found, key=lambda each: each[0].count("{"))


def _short(value):
    """With two entries of each list, and the beginning of what is long."""
    if isinstance(value, dict):
        return {name: _short(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_short(each) for each in value[:2]]
    return value if len(str(value)) < MOST_LETTERS else f"{value[:80]}…"


def tell(story, *, salon, account, member):
    """The whole of it, with the connection in the salon's schema."""
    story.clock.move_to(ASKED)
    salon, boss = open_salon(salon), member(Role.OWNER)
    owner, anybody = signed_in(salon, boss), Api(salon, address=ELSEWHERE)
    connect(story, owner)
    sell(story, owner, anybody)
    annas, bens = book(story, salon, anybody, account), book_again(anybody, account)
    plan(story, owner, annas)
    story.ids[annas] = BOOKING
    story.spelled |= zip(Booking.objects.order_by("start_at").values_list("ref", flat=True), REFS, strict=True)
    refuse(story, anybody, signed_in(salon, member(Role.VIEWER)))
    story.clock.move_to(THERE)
    arrive(story, signed_in(salon, boss), annas)
    story.clock.move_to(AFTER)
    owner = signed_in(salon, boss)
    close(story, owner, annas, *bens)
    know(story, owner)
    rate_visit(story, owner, anybody, annas)
    look(story, owner, annas)
    settle(story, owner)
    sign_in(story, anybody)


def open_salon(salon):
    """Ann and Bob do both; fees of whoever cancels late or stays away."""
    fees = {"cancellation_fee_type": "fixed", "cancellation_fee_cents": 2000, "cancellation_window_hours": 24}
    Business.objects.filter(pk=salon.pk).update(no_show_fee_type="fixed", no_show_fee_cents=3000, **fees)
    category = ServiceCategory.objects.create(name="Hair")
    cut = make_service(pk=CUT, category=category)
    colour = make_service("Colour", pk=COLOUR, minutes=90, cents=12_000, category=category)
    make_member("Ann", pk=ANN, performs=[cut, colour], title="Stylist")
    make_member("Bob", pk=BOB, performs=[cut, colour], title="Colourist")
    return Business.objects.get(pk=salon.pk)


def connect(story, owner):
    made = story.send(owner, "post", "/api/v1/webhooks")
    story.get(owner, "/api/v1/webhooks")
    story.get(owner, f"/api/v1/webhooks/{made['id']}")
    story.send(owner, "post", "/api/v1/api-tokens")
    story.get(owner, "/api/v1/api-tokens")


def sell(story, owner, anybody):
    card = story.send(owner, "post", "/api/v1/gift-cards")
    story.spelled[card["code"]] = "7KQ2M9XA4DWF8RZC"
    story.get(owner, "/api/v1/gift-cards")
    story.get(owner, f"/api/v1/gift-cards/{card['id']}")
    story.post(anybody, "/api/v1/gift-cards/check", code=card["code"])
    package = story.send(owner, "post", "/api/v1/packages")
    story.get(owner, "/api/v1/packages")
    story.get(owner, f"/api/v1/packages/{package['id']}")
    story.get(anybody, "/api/v1/packages/on-offer")
    made = story.send(owner, "post", "/api/v1/membership-plans")
    story.get(owner, "/api/v1/membership-plans")
    story.get(owner, f"/api/v1/membership-plans/{made['id']}")
    story.get(anybody, "/booking/memberships")


def book(story, salon, anybody, account):
    """Anna books a cut and a colour."""
    story.get(anybody, f"/booking/tenant-data/{salon.pk}")
    story.send(anybody, "post", "/booking/availability", "Who does what when", team_member_ids=[None, BOB])
    held = story.post(anybody, "/booking/hold", **BOTH, team_member_ids=[ANN, BOB], start_time="2027-02-10T14:00:00Z")
    story.spelled[held["data"]["expires_at"]] = "2027-02-03T15:10:00Z"  # by the clock of the database
    intent = held["data"]["setup_intent"]["id"]
    account.save_card(intent)
    asked = {"hold_id": held["data"]["hold_id"], "setup_intent_id": intent}
    booked = story.send(anybody, "post", "/booking/create", **asked)["data"]["booking_id"]
    story.send(anybody, "post", f"/booking/confirm/{booked}", setup_intent_id=intent)
    return booked


def book_again(anybody, account):
    """Ben's visits; the last with a card that will be declined."""
    made = []
    visits = {"2027-02-10T15:30:00Z": GOOD, "2027-02-11T18:00:00Z": GOOD, "2027-02-11T15:00:00Z": FAILS_LATER}
    for start, card in visits.items():
        wanted = {"service_id": CUT, "start_time": start}
        booked = anybody.post("/booking/create", wanted | {"customer_info": BEN, "consent": {"policies": True}}).json()
        intent = booked["data"]["setup_intent"]["id"]
        account.save_card(intent, card)
        anybody.post(f"/booking/confirm/{booked['data']['booking_id']}", {"setup_intent_id": intent})
        made.append(booked["data"]["booking_id"])
    return made


def plan(story, owner, visit):
    """The visit is moved and moved back; a mother and her son come; somebody waits."""
    story.get(owner, BOOKINGS)
    story.get(owner, f"{BOOKINGS}/{visit}")
    explained = {"explain": "2027-02-10T14:30:00Z"}
    story.send(owner, "post", "/booking/availability", "Why not", team_member_ids=[ANN, BOB], **explained)
    story.send(owner, "post", f"{BOOKINGS}/{visit}/reschedule")
    story.send(owner, "post", f"{BOOKINGS}/{visit}/undo-move")
    story.send(owner, "post", "/api/v1/admin/booking-groups/availability")
    group = story.send(
        owner, "post", "/api/v1/admin/booking-groups", start_time="2027-02-12T14:00:00Z", customer_info=MARIE
    )
    story.get(owner, f"/api/v1/admin/booking-groups/{group['id']}")
    story.send(owner, "post", "/booking/waitlist")
    story.get(owner, "/api/v1/waitlist")
    story.send(owner, "post", "/api/v1/waitlist/offer")


def arrive(story, owner, visit):
    story.send(owner, "post", f"{BOOKINGS}/{visit}/check-in")


def close(story, owner, visit, missed, called_off, declined):
    story.get(owner, f"{BOOKINGS}/{visit}/charge-preview")
    story.send(owner, "post", f"{BOOKINGS}/{visit}/complete", amount_cents=17_000)
    story.send(owner, "post", f"{BOOKINGS}/{visit}/refund")
    story.get(owner, f"{BOOKINGS}/{visit}/dispute-pack")
    story.send(owner, "post", f"{BOOKINGS}/{called_off}/cancel", idempotency_key="fee-1")
    story.send(owner, "post", f"{BOOKINGS}/{missed}/no-show", idempotency_key="fee-2")
    whole = {"booking_id": visit, "amount_cents": 17_000}
    story.send(owner, "post", "/api/payments/stripe/payment/capture", **whole)
    rest = {"booking_id": visit, "idempotency_key": "refund-rest"}
    story.send(owner, "post", "/api/payments/stripe/payment/refund", **rest)
    story.post(owner, f"{BOOKINGS}/{declined}/complete", idempotency_key="complete-1")
    story.post(owner, f"{BOOKINGS}/{declined}/send-link", idempotency_key="link-1")
    story.post(owner, f"{BOOKINGS}/{declined}/paid-in-cash", idempotency_key="cash-1")


def know(story, owner):
    """Customers, and what the team writes of them."""
    anna = story.get(owner, CUSTOMERS)["results"][0]["id"]
    story.send(owner, "patch", f"{CUSTOMERS}/{anna}", notes="Allergic to ammonia.")
    story.send(owner, "post", f"{CUSTOMERS}/{anna}/notes")
    story.get(owner, f"{CUSTOMERS}/{anna}")
    story.get(owner, f"{CUSTOMERS}/{anna}/notes")
    story.get(owner, f"{CUSTOMERS}/{anna}/bookings")
    other = story.send(owner, "post", CUSTOMERS, name="A. Berg", email="", phone="+12125550188")["id"]
    story.send(owner, "post", f"{CUSTOMERS}/{anna}/merge", other_id=other)
    gone = owner.post(CUSTOMERS, {"name": "Gone Away"}).json()["id"]
    story.send(owner, "post", f"{CUSTOMERS}/{gone}/erase")


def rate_visit(story, owner, anybody, visit):
    review = rate(Booking.objects.get(pk=visit), text="Lovely.")
    at = f"/api/v1/reviews/{review.pk}"
    story.get(owner, "/api/v1/reviews")
    story.send(owner, "post", f"{at}/publish", version=review.version)
    story.send(owner, "post", f"{at}/answer", version=review.version)
    story.get(anybody, "/booking/reviews")
    story.send(owner, "post", f"{at}/hide", version=review.version)


def look(story, owner, visit):
    """Money, figures and what was done."""
    payment = str(Payment.objects.get(booking=visit).pk)
    story.get(owner, f"/api/payments/status/{payment}")
    story.get(owner, "/api/payments/methods")
    for which in ("analytics", "analytics/bookings", "analytics/revenue"):
        story.get(owner, f"/api/v1/admin/{which}", start_date="2027-02-10", end_date="2027-02-12")
    story.get(owner, "/api/v1/admin/audit")
    member = ended_membership(connection.tenant, Service.objects.get(pk=CUT))
    story.get(owner, "/api/v1/memberships")
    story.get(owner, f"/api/v1/memberships/{member.pk}")
    endpoint = owner.get("/api/v1/webhooks").json()["results"][0]["id"]
    story.send(owner, "post", f"/api/v1/webhooks/{endpoint}/test")
    delivery = story.get(owner, f"/api/v1/webhooks/{endpoint}/deliveries")["results"][0]["id"]
    story.send(owner, "post", f"/api/v1/webhooks/{endpoint}/deliveries/{delivery}/replay")
    story.send(owner, "patch", f"/api/v1/webhooks/{endpoint}")
    story.send(owner, "post", f"/api/v1/webhooks/{endpoint}/roll")


def settle(story, owner):
    """The menu, the team, when it works, and the salon's words."""
    for path in ("services", "service-categories", "team/members"):
        first = story.get(owner, f"/api/v1/{path}")["results"][0]["id"]
        if path != "service-categories":
            story.get(owner, f"/api/v1/{path}/{first}")
    story.send(owner, "patch", f"/api/v1/services/{CUT}")
    story.send(owner, "post", "/api/v1/services")
    story.send(owner, "post", "/api/v1/service-categories", name="Nails")
    story.send(owner, "post", "/api/v1/team/members", first_name="Cleo", last_name="Dunn")
    story.send(owner, "patch", f"/api/v1/team/members/{ANN}")
    story.get(owner, f"/api/v1/team/{ANN}/availability")
    story.send(owner, "post", f"/api/v1/team/{ANN}/availability")
    for what in ("special-days", "time-blocks"):
        story.send(owner, "post", f"/api/v1/team/{BOB}/{what}")
        story.get(owner, f"/api/v1/team/{BOB}/{what}")
    story.send(owner, "post", "/api/v1/changes/closure", start_date="2027-02-12", end_date="2027-02-12")
    story.send(owner, "post", "/api/v1/closures")
    story.get(owner, "/api/v1/closures")
    story.send(owner, "post", "/api/v1/calendars/feeds")
    story.get(owner, "/api/v1/calendars/feeds")
    story.send(owner, "post", "/api/v1/calendars/busy")
    story.get(owner, "/api/v1/calendars/busy")
    text = story.send(owner, "post", "/api/v1/notification-templates")["id"]
    story.get(owner, "/api/v1/notification-templates")
    story.get(owner, f"/api/v1/notification-templates/{text}")
    story.send(owner, "post", f"/api/v1/notification-templates/{text}/preview")
    story.send(owner, "delete", f"/api/v1/team/members/{BOB}")
    story.get(owner, "/api/v1/admin/settings")
    story.send(owner, "patch", "/api/v1/admin/settings")
    story.get(owner, "/api/v1/admin/subscription")


def sign_in(story, anybody):
    story.send(anybody, "post", "/auth/register")
    signed = story.send(anybody, "post", "/auth/login")
    story.send(anybody, "post", "/auth/refresh", refresh=signed["refresh"])
    anybody.token = signed["access"]
    story.get(anybody, "/auth/me")
    anybody.token = ""
    story.send(anybody, "post", "/auth/forgot-password")


def refuse(story, anybody, viewer):
    """One of each kind."""
    story.post(anybody, "/booking/hold", service_id=CUT, start_time="tomorrow at ten")
    story.keep("post", "/booking/hold", "", anybody.client.post("/booking/hold", "{}", content_type="text/plain"))
    story.get(anybody, BOOKINGS)
    story.post(viewer, "/api/v1/closures", start_date="2027-12-24")
    story.get(viewer, f"{BOOKINGS}/{BOOKING}")
    wanted = {"service_id": CUT, "team_member_id": ANN}
    story.post(anybody, "/booking/hold", **wanted, start_time="2027-02-10T14:00:00Z")
    story.post(anybody, "/booking/hold", **wanted, start_time="2027-02-12T03:00:00Z")
    for number in range(8):
        story.post(anybody, "/auth/login", email="nobody@example.com", password=f"guess-{number}")
