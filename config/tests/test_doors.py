"""Every door into the diary leads through one function: none may write a visit the engine would not offer."""

import inspect
from datetime import timedelta

import pytest
from django.urls import URLPattern, get_resolver

from bookings.models import Booking, BookingItem, GroupSession, Occupancy, Seat, TeamMemberAvailability
from bookings.services import Details, placing
from bookings.tests.factories import make_booking, make_member, make_service
from config.tests.diary_writes import calls_in, modules, writers_of, writes_in
from config.tests.doors import DOORS, world_of
from onboarding.api.urls import VIEWS
from onboarding.steps import STEPS as STEPS_OF_THE_WIZARD
from payments.desk.presses import PRESSES as DESK_PRESSES
from tenants.tests.api import NO_STATIC, cheap_passwords

__all__ = ["cheap_passwords"]

pytestmark = NO_STATIC

# In the text of the product ------------------------------------------------------------------------

#: The only modules that write rows of bookings, their items, occupancy, sessions and seats.
WRITERS = {
    "bookings/services/agreed.py",
    "bookings/services/checkout.py",
    # Whose a visit is, and who that was; never when or with whom.
    "bookings/services/customers/erasing.py",
    "bookings/services/customers/merging.py",
    "bookings/services/holds.py",
    "bookings/services/moves.py",
    "bookings/services/requests.py",
    # Which series a visit belongs to.
    "bookings/services/series.py",
    "bookings/services/sessions.py",
    "bookings/services/status.py",
    "bookings/services/storing.py",
    # A salon that changes its zone: everybody's visits go along, and nobody's meet.
    "bookings/services/zones.py",
    # Made-up visits, gone again with one press; they come in through `hold_slot` like everybody's.
    "onboarding/services/sample.py",
}
#: Who asks the engine for a place, and in which function.
ASKING = {
    ("bookings/services/holds.py", "place"),
    # Not to place a visit: to say why one of a family has none.
    ("bookings/services/families.py", "_plans"),
    ("bookings/services/moves.py", "_find"),
    ("bookings/services/sessions.py", "open_session"),
}
#: Who writes the rows that keep time and seats, function by function.
KEEPING = {
    ("bookings/services/agreed.py", "occupancy"),
    ("bookings/services/storing.py", "write"),
    ("bookings/services/storing.py", "free"),
    ("bookings/services/storing.py", "keep_until"),
    ("bookings/services/sessions.py", "take_seats"),
    ("bookings/services/sessions.py", "_open"),
    ("bookings/services/sessions.py", "free_seats"),
    ("bookings/services/sessions.py", "keep_seats_until"),
    ("bookings/services/sessions.py", "_renew_expiry"),
    ("bookings/services/zones.py", "_write"),
}
#: How a plan becomes rows, step by step: function → (module, function) of its callers. The first ones have just asked.
STEPS = {
    "storing.write": {("bookings/services/holds.py", "_write"), ("bookings/services/moves.py", "_write")},
    "sessions.take_seats": {("bookings/services/storing.py", "write")},
    "_open": {("bookings/services/sessions.py", "take_seats"), ("bookings/services/sessions.py", "open_session")},
    "_write": {
        ("bookings/services/holds.py", "place"),
        ("bookings/services/moves.py", "_move"),
        ("bookings/services/imports.py", "_take"),
        ("bookings/services/zones.py", "change_zone"),
    },
}


def test_rows_of_the_diary_are_written_in_these_modules_only():
    found = {path: writes_in(text) for path, text in modules()}

    assert {path for path, writes in found.items() if writes} == WRITERS


@pytest.mark.parametrize(
    "line",
    [
        "Occupancy.objects.create(lane=0)",
        "Seat.objects.filter(pk=1).update(item=None)",
        "models.Booking(ref='A').save()",
        "Diary.objects.bulk_create([Diary(ref='A')])",
        "BookingItem.objects.get_or_create(pk=1)",
        "booking.delete()",
        "booking.items.all().delete()",
        "held_booking.save(update_fields=['start_at'])",
        "self.session.save()",
        "service.sessions.update(scheduled=True)",
        "await item.asave()",
        "cursor.execute('UPDATE bookings_occupancy SET lane = 1')",
        "cursor.execute('insert into \"bookings_seat\" values (1)')",
        "cursor.execute(f'DELETE FROM {schema}.bookings_booking')",
    ],
)
def test_a_written_row_is_seen(line):
    text = f"from bookings import models\nfrom bookings.models import Booking as Diary\nasync def act():\n    {line}\n"

    assert [where for where, _ in writes_in(text)][:1] == [4]


@pytest.mark.parametrize(
    "line",
    [
        "Booking.objects.filter(pk=1).exists()",
        "Seat(1, 2)",
        "request.session.save()",
        "customer.save()",
        "params.update(lane=1)",
        "cursor.execute('SELECT * FROM bookings_booking FOR UPDATE')",
    ],
)
def test_what_writes_nothing_is_left_alone(line):
    assert writes_in(f"from bookings.models import Booking\nfrom elsewhere import Seat\n{line}") == []


def test_one_function_asks_the_engine_for_a_place():
    services = {path: text for path, text in modules() if not path.startswith("bookings/availability/")}

    arranged = {
        (path, inside) for path, text in services.items() for inside in calls_in(text, "arrange", "availability.check")
    }
    asking = {(path, inside) for path, text in services.items() for inside in calls_in(text, "find_plan")}

    assert arranged == {("bookings/services/placing.py", "find_plan")}
    assert asking == ASKING


def test_time_and_seats_are_kept_by_these_functions_only():
    rows = ("Occupancy", "Seat", "occupancy", "seats")
    # Nobody else writes them; others may have values of the same names.
    writers = [(path, text) for path, text in modules() if path in WRITERS]

    found = {(path, inside) for path, text in writers for inside in writers_of(text, *rows)}

    assert found == KEEPING


@pytest.mark.parametrize("step", STEPS)
def test_only_who_has_asked_turns_a_plan_into_rows(step):
    services = {path: text for path, text in modules() if path.startswith("bookings/")}

    assert {(path, inside) for path, text in services.items() for inside in calls_in(text, step)} == STEPS[step]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Seat.objects.filter(pk=1).update(item=None)", {"act"}),
        ("session.seats.update(item=None)", {"act"}),
        ("Occupancy.objects.bulk_create([Occupancy(lane=0)])", {"act"}),
        ("Seat.objects.filter(pk=1).exists()", set()),
    ],
)
def test_who_keeps_time_is_seen(line, found):
    assert writers_of(f"def act():\n    {line}\n", "Seat", "Occupancy", "seats", "occupancy") == found


# Door by door --------------------------------------------------------------------------------------

STOREYS = (Booking, BookingItem, GroupSession, Seat, Occupancy)


@pytest.fixture
def world(salon, owner, client_for, tmp_path):
    cut = make_service()
    yoga = make_service("Yoga", allow_group_booking=True, max_group_size=8, shared_session=True)
    ann = make_member(performs=[cut, yoga])
    return world_of(salon=salon, cut=cut, yoga=yoga, ann=ann, owner=owner, client_for=client_for, tmp_path=tmp_path)


@pytest.fixture
def entered(monkeypatch):
    """How often the placing function was entered; it does its work all the same."""
    real, calls = placing.find_plan, []

    def counted(**how):
        calls.append(how["start"])
        return real(**how)

    monkeypatch.setattr(placing, "find_plan", counted)
    return calls


def rows():
    return {model: list(model.objects.order_by("pk").values()) for model in STOREYS}


def off_the_grid(world):
    TeamMemberAvailability.objects.update(start_min=9 * 60 + 7)
    return "Visits start every 15 minutes from the start of the shift."


def outside_hours(world):
    TeamMemberAvailability.objects.update(start_min=12 * 60)
    return "Ann does not work at this time."


def taken(world):
    guest = Details(name="Cleo Dee", email="cleo@example.com", phone="+12125550166")
    make_booking(world.salon, world.cut, world.start, details=guest)
    return "That time has just been taken."


@pytest.mark.parametrize("breaks", [off_the_grid, outside_hours, taken])
@pytest.mark.parametrize("door", DOORS)
def test_no_door_lets_a_broken_rule_in(world, entered, door, breaks):
    DOORS[door].before(world)
    sentence = breaks(world)
    before = rows()
    entered.clear()

    answer = DOORS[door].press(world)

    assert sentence in answer
    assert rows() == before
    assert set(entered) == {int(world.start.timestamp())}


@pytest.mark.parametrize("door", DOORS)
def test_every_door_leads_through_the_one_function_once(world, entered, door):
    DOORS[door].before(world)
    entered.clear()

    DOORS[door].press(world)

    starts = [world.start + timedelta(hours=number) for number in range(DOORS[door].visits)]
    assert entered == [int(start.timestamp()) for start in starts]
    assert list(Occupancy.objects.order_by("starts_at").values_list("starts_at", flat=True)) == starts


# Address by address --------------------------------------------------------------------------------

#: Addresses that take a POST (or PUT, PATCH, DELETE) and give no visit a place.
NO_DOORS = {
    "b/<str:token>/cancel/",
    "b/<str:token>/family/cancel/",
    # Who comes is put together; nothing is held yet.
    *(f"book/family/{verb}/" for verb in ("start", "add", "remove")),
    "book/checkout/<uuid:booking>/",
    "book/checkout/<uuid:booking>/extend/",
    "book/checkout/<uuid:booking>/release/",
    "book/checkout/<uuid:booking>/gift-card/",
    "book/checkout/<uuid:booking>/gift-card/off/",
    "book/checkout/<uuid:booking>/forget/",
    "b/<str:token>/again/",
    "b/<str:token>/card/",
    "b/<str:token>/card/remove/",
    "pay/<str:token>/",
    "gift-cards/",
    "gift-cards/balance/",
    "packages/<uuid:pk>/",
    "dashboard/packages/add/",
    "dashboard/packages/<uuid:pk>/",
    "dashboard/packages/<uuid:pk>/sell/",
    "dashboard/packages/sold/<uuid:card>/undo/",
    "api/v1/packages",
    "api/v1/packages/<uuid:pk>",
    # Offers keep their time by `hold_slot`, in the background; accepting hands the hold over.
    "book/<uuid:service>/waitlist/",
    "waitlist/<str:token>/leave/",
    "waitlist/offers/<str:token>/accept/",
    "waitlist/offers/<str:token>/decline/",
    "dashboard/waitlist/add/",
    "dashboard/waitlist/<uuid:pk>/remove/",
    "booking/waitlist",
    "api/v1/waitlist/offer",
    "api/v1/waitlist/<uuid:pk>",
    "api/v1/gift-cards",
    "api/v1/gift-cards/check",
    "booking/availability",
    "api/v1/admin/booking-groups/availability",
    "booking/confirm/<uuid:booking_id>",
    "booking/hold/<uuid:hold_id>",
    "api/v1/admin/bookings/<uuid:pk>/check-in",
    "api/v1/admin/bookings/<uuid:pk>/cancel",
    "api/v1/admin/bookings/<uuid:pk>/complete",
    "api/v1/admin/bookings/<uuid:pk>/no-show",
    "api/v1/admin/bookings/<uuid:pk>/paid-in-cash",
    "api/v1/admin/bookings/<uuid:pk>/refund",
    "api/v1/admin/bookings/<uuid:pk>/retry",
    "api/v1/admin/bookings/<uuid:pk>/send-link",
    "api/payments/stripe/payment/capture",
    "api/payments/stripe/payment/refund",
    "api/payments/webhook",
    "stripe/webhook/",
    "admin/bookings/booking/",
    "admin/bookings/booking/why/",
    "admin/bookings/booking/<path:object_id>/",
    "admin/bookings/booking/<path:object_id>/cancel/",
    "admin/bookings/booking/<path:object_id>/change/",
    "admin/bookings/booking/<path:object_id>/check-in/",
    "admin/bookings/booking/<path:object_id>/complete/",
    "admin/bookings/booking/<path:object_id>/confirm/",
    "admin/bookings/booking/<path:object_id>/correct/",
    "admin/bookings/booking/<path:object_id>/delete/",
    "admin/bookings/booking/<path:object_id>/dispute-pack/",
    "admin/bookings/booking/<path:object_id>/history/",
    "admin/bookings/booking/<path:object_id>/let-go/",
    "admin/bookings/booking/<path:object_id>/no-show/",
    "admin/bookings/booking/<path:object_id>/paid-in-cash/",
    "admin/bookings/booking/<path:object_id>/refund/",
    "admin/bookings/booking/<path:object_id>/retry/",
    "admin/bookings/booking/<path:object_id>/send-link/",
    "admin/bookings/booking/<path:object_id>/why-not/",
    # Customers: added, changed, merged, forgotten; their visits stay where they are.
    "api/v1/admin/customers",
    "api/v1/admin/customers/<uuid:pk>",
    *(f"api/v1/admin/customers/<uuid:pk>/{verb}" for verb in ("erase", "merge", "notes")),
    *(f"dashboard/customers/{page}/" for page in ("add", "export", "import")),
    *(f"dashboard/customers/<uuid:pk>/{verb}/" for verb in ("change", "erase", "no-news", "notes", "texts")),
    "dashboard/customers/<uuid:pk>/allow/<uuid:suppression_pk>/",
    "dashboard/customers/<uuid:pk>/merge/<uuid:other_pk>/",
    "dashboard/customers/<uuid:pk>/notes/<uuid:note_pk>/remove/",
    # Memberships: money by the month, and a code for the visits it pays for.
    "memberships/<uuid:plan>/",
    *(f"m/<str:token>/{press}/" for press in ("book", "card", "end", "keep")),
    "dashboard/memberships/plans/add/",
    "dashboard/memberships/plans/<uuid:pk>/",
    *(f"dashboard/memberships/<uuid:pk>/{press}/" for press in ("end", "keep")),
    "dashboard/memberships/<uuid:pk>/months/<uuid:grant>/refund/",
    "api/v1/membership-plans",
    "api/v1/membership-plans/<uuid:pk>",
    *(f"api/v1/memberships/<uuid:pk>/{press}" for press in ("end", "keep")),
    # What customers say of a visit that is over, and what the salon does with it.
    "reviews/<str:token>/",
    "reviews/<str:token>/take-back/",
    *(f"dashboard/reviews/<uuid:pk>/{press}/" for press in ("answer", "hide", "publish")),
    *(f"api/v1/reviews/<uuid:pk>/{press}" for press in ("answer", "hide", "publish")),
    "dashboard/reviews/settings/",
    # What was given up is sent again.
    "dashboard/messages/<uuid:pk>/again/",
    # What the team is told.
    "dashboard/notices/read/",
    "dashboard/notices/settings/",
    *(f"dashboard/notices/<uuid:pk>/{verb}/" for verb in ("mark", "open")),
    "dashboard/settings/notices/",
    # The salon's settings in the dashboard.
    *(
        f"dashboard/settings/{page}/"
        for page in ("closures", "details", "hours", "lengths", "policies", "reminders", "roles", "rules", "texts")
    ),
    "dashboard/settings/calendars/",
    "dashboard/settings/calendars/<uuid:pk>/revoke/",
    "dashboard/settings/calendars/busy/new/",
    "dashboard/settings/calendars/busy/<uuid:pk>/",
    "dashboard/settings/calendars/busy/<uuid:pk>/remove/",
    "dashboard/settings/closures/<uuid:pk>/remove/",
    "dashboard/settings/words/languages/",
    *(
        f"dashboard/settings/words/<slug:language>/<slug:trigger>/<slug:channel>/{page}"
        for page in ("", "preview/", "reset/", "test/")
    ),
    "dashboard/settings/team/<uuid:pk>/",
    "dashboard/settings/team/<uuid:pk>/blocks/<uuid:block>/remove/",
    "dashboard/settings/team/<uuid:pk>/days/<uuid:day>/remove/",
    # The dashboard's buttons: they close a visit, and move its money.
    "dashboard/visits/close/",
    "dashboard/visits/<uuid:pk>/following/cancel/",
    "dashboard/visits/list.csv",
    "dashboard/trail/csv/",
    *(f"dashboard/visits/<uuid:pk>/{name.replace('_', '-')}/" for name in DESK_PRESSES if name != "undo_move"),
    "admin/bookings/closure/import/",
    "admin/bookings/groupsession/",
    "admin/bookings/groupsession/<path:object_id>/",
    "admin/bookings/groupsession/<path:object_id>/add-guest/",
    "admin/bookings/groupsession/<path:object_id>/change/",
    "admin/bookings/groupsession/<path:object_id>/close/",
    "admin/bookings/groupsession/<path:object_id>/delete/",
    "admin/bookings/groupsession/<path:object_id>/history/",
    # A visit stays where it is and takes another time: `services.change_length`, by `find_plan` as every move.
    "dashboard/calendar/<uuid:pk>/length/",
    # The calendar's time blocks: visits in them stay.
    "dashboard/calendar/blocks/new/",
    "dashboard/calendar/blocks/put-back/",
    "dashboard/calendar/blocks/<uuid:pk>/",
    "dashboard/calendar/blocks/<uuid:pk>/remove/",
    # The salon's team.
    "admin/team-access/",
    "admin/team-access/invitations/<uuid:pk>/resend/",
    "admin/team-access/invitations/<uuid:pk>/revoke/",
    "admin/team-access/members/<uuid:pk>/hand-over/",
    "admin/team-access/members/<uuid:pk>/remove/",
    "admin/team-access/members/<uuid:pk>/role/",
    "invitations/<str:token>/",
    # Keys for programs.
    "admin/api-access/",
    "admin/api-access/<uuid:pk>/revoke/",
    "api/v1/api-tokens",
    "api/v1/api-tokens/<uuid:pk>",
    # A person's own data.
    "accounts/data/export/",
    "accounts/delete/",
    "accounts/enter/",
    "accounts/sessions/<uuid:pk>/end/",
    "accounts/sessions/end-others/",
    "businesses/<uuid:pk>/enter/",
    # A salon's address, its own domain, its data to take along, and its end: that calls visits off, and places none.
    "businesses/<uuid:business>/address/",
    "businesses/<uuid:business>/domain/",
    "businesses/<uuid:business>/domain/<uuid:domain_id>/check/",
    "businesses/<uuid:business>/domain/<uuid:domain_id>/remove/",
    "businesses/<uuid:business>/export/",
    "businesses/<uuid:business>/leave/",
    "businesses/<uuid:business>/leave/stay/",
    # Opening a salon. The last step's sample visits are held by `hold_slot`, wherever the engine finds room.
    "onboarding/",
    *(f"onboarding/{step.key}/" for step in STEPS_OF_THE_WIZARD),
    "onboarding/services/import/",
    "onboarding/services/categories/new/",
    "onboarding/services/categories/<uuid:pk>/",
    "onboarding/services/categories/<uuid:pk>/remove/",
    "onboarding/services/<uuid:pk>/",
    "onboarding/services/<uuid:pk>/remove/",
    *(f"api/v1/onboarding/step{step.number}/{step.path}" for step in STEPS_OF_THE_WIZARD if step.number in VIEWS),
    # Policies, plans, Stripe's onboarding and credits: no visit is written there.
    "admin/policies/",
    "api/payments/stripe/connect/setup",
    "api/payments/stripe/checkout/session",
    "api/payments/stripe/subscription/create",
    "api/v1/admin/subscription/activate",
    "api/v1/admin/subscription/cancel",
    "api/v1/admin/subscription/pause",
    "api/v1/admin/subscription/resume",
    "billing/<uuid:business>/activate/",
    "billing/<uuid:business>/cancel/",
    "billing/<uuid:business>/card/",
    "billing/<uuid:business>/connect/",
    "billing/<uuid:business>/keep/",
    "billing/<uuid:business>/pause/",
    "billing/<uuid:business>/portal/",
    "billing/<uuid:business>/resume/",
    "billing/<uuid:business>/start/",
    "credits/buy/",
    "credits/checkout",
    "credits/start/",
    "profile",
    *(f"admin/giftcards/giftcard/<path:object_id>/{press}/" for press in ("adjust", "disable", "enable", "prolong")),
    *(f"admin/giftcards/giftcard/<path:object_id>/{press}/" for press in ("page", "resend")),
    # The salon's settings; a change of zone takes all visits along (`services.zones`).
    "admin/diary-check/end-hold/",
    "admin/payments/giftcardorder/<path:object_id>/refund-sale/",
    "admin/payments/savedcard/<path:object_id>/remove/",
    "admin/tenants/business/",
    "admin/website/",
    "api/v1/admin/settings",
    # The salon's own words for its messages.
    "api/v1/notification-templates",
    "api/v1/notification-templates/<uuid:pk>",
    "api/v1/notification-templates/<uuid:pk>/preview",
    # Where the salon's own programs are told of visits.
    *(
        f"admin/webhooks/webhookendpoint/<path:object_id>/{press}/"
        for press in ("edit", "pause", "remove", "replay", "resume", "roll", "test")
    ),
    "admin/webhooks/webhookdelivery/<path:object_id>/replay/",
    "api/v1/webhooks",
    "api/v1/webhooks/<uuid:pk>",
    "api/v1/webhooks/<uuid:pk>/deliveries/<uuid:delivery_id>/replay",
    "api/v1/webhooks/<uuid:pk>/roll",
    "api/v1/webhooks/<uuid:pk>/test",
    # The catalogue, the team and its hours: visits stay where they are.
    *(
        f"api/v1/changes/{change}"
        for change in ("closure", "leaving", "opening-hours", "service-length", "weekly-plan")
    ),
    "api/v1/closures",
    "api/v1/closures/<uuid:pk>",
    "api/v1/service-categories",
    "api/v1/service-categories/<uuid:pk>",
    "api/v1/services",
    "api/v1/services/<uuid:pk>",
    "api/v1/team/<uuid:member_id>/availability",
    "api/v1/team/<uuid:member_id>/special-days",
    "api/v1/team/<uuid:member_id>/special-days/<uuid:pk>",
    "api/v1/team/<uuid:member_id>/time-blocks",
    "api/v1/team/<uuid:member_id>/time-blocks/<uuid:pk>",
    "api/v1/team/members",
    "api/v1/team/members/<uuid:pk>",
}
#: Records whose own pages in the admin (list, add, change, delete) save them and what hangs on them, never a visit.
RECORDS = {
    "bookings.break",
    "bookings.closure",
    "bookings.customer",
    "bookings.openinghours",
    "bookings.resource",
    "bookings.service",
    "bookings.servicecategory",
    "bookings.specialopening",
    "bookings.teammember",
    "giftcards.giftcard",
    "memberships.membership",
    "payments.cardhold",
    "payments.dispute",
    "giftcards.package",
    "payments.giftcardorder",
    "payments.ledgerentry",
    "payments.moneyaction",
    "payments.payment",
    "payments.refund",
    "payments.savedcard",
    "reviews.review",
    "webhooks.webhookdelivery",
    "webhooks.webhookendpoint",
}
OWN_PAGES = {"", "add/", *(f"<path:object_id>/{page}" for page in ("", "change/", "delete/", "history/"))}
OURS = {
    "accounts", "bookings", "dashboard", "giftcards", "memberships", "payments", "onboarding", "reviews", "waitlist",
    "webhooks",
}  # fmt: skip
READS = {"GET", "HEAD", "OPTIONS", "TRACE"}


def patterns(resolver, prefix=""):
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield path, entry.callback
        else:
            yield from patterns(entry, path)


def writing_routes():
    """Addresses of our views that take more than reading, the records' own pages left out."""
    for urlconf in ("config.urls_salon", "config.urls_platform"):
        for path, view in patterns(get_resolver(urlconf)):
            model = getattr(getattr(view, "model_admin", None), "model", None)
            module = (model or getattr(view, "cls", view)).__module__
            if path.startswith("operators/"):  # tables of `public`, to read (operators/tests/test_site.py)
                continue
            if module.partition(".")[0] in OURS and not methods_of(view) <= READS and not is_records_page(path, model):
                yield path


def is_records_page(path, model):
    if model is None or model._meta.label_lower not in RECORDS:
        return False
    return path.removeprefix(f"admin/{model._meta.app_label}/{model._meta.model_name}/") in OWN_PAGES


def methods_of(view):
    """The HTTP methods a view takes; every one where it does not say."""
    if made_of := getattr(view, "cls", None) or getattr(view, "view_class", None):
        return {name.upper() for name in made_of.http_method_names if hasattr(made_of, name)}
    while view is not None:
        named = inspect.getclosurevars(view).nonlocals if inspect.isfunction(view) else {}
        if "request_method_list" in named:
            return set(named["request_method_list"])
        view = getattr(view, "__wrapped__", None)
    return {"ANY"}


def test_every_address_that_writes_is_a_door_or_known_to_be_none():
    doors = {route for door in DOORS.values() for route in door.routes}

    assert set(writing_routes()) == doors | NO_DOORS
    assert not doors & NO_DOORS


@pytest.mark.parametrize("page", ["change", "delete"])
def test_a_booking_is_never_edited_as_a_form(world, page):
    booking = make_booking(world.salon, world.cut, world.start)
    before = rows()
    body = {"post": "yes", "start_at_0": "2027-01-01", "start_at_1": "03:03", "status": "confirmed", "price_cents": 1}

    answer = world.browser.post(f"/admin/bookings/booking/{booking.pk}/{page}/", body)

    assert answer.status_code == 403
    assert rows() == before
