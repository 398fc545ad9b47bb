"""The diary in the salon's admin: pages that read, buttons that ask first, forms that refuse nonsense with a sentence."""

import re
from datetime import date, timedelta
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit import actors
from audit.models import AuditEntry
from bookings import words
from bookings.admin.team import first_overlap
from bookings.models import (
    Booking,
    Closure,
    Customer,
    OpeningHours,
    Service,
    ServiceCategory,
    SpecialDay,
    Status,
    TeamMember,
    TeamMemberAvailability,
    TimeBlock,
)
from bookings.services import Details, customers
from bookings.tests.factories import at, make_booking, make_customer, make_member, make_past_visit, make_service
from config.admin import site
from messaging.models import Message
from tenants.models import Business
from tenants.tests.api import NO_STATIC

pytestmark = NO_STATIC
BOOKINGS = "/admin/bookings/booking/"


@pytest.fixture
def desk(salon, client_for, member):
    """`desk("staff")`: a browser signed in with that role at rosa."""
    return lambda role="staff": client_for(salon, member(role))


@pytest.fixture
def visit(salon, cut, ann):
    return make_booking(salon, cut, at(salon))


def page(booking, name="change"):
    return f"{BOOKINGS}{booking.pk}/{name}/"


def key_of(answer):
    return re.search(r'name="key" value="([^"]+)"', answer.text)[1]


def press(client, path, **data):
    """Open a button's page and send its form."""
    asked = client.get(path)
    hidden = dict((asked.context or {}).get("hidden") or {})
    return client.post(path, {"key": key_of(asked)} | hidden | data)


def said(client, path=BOOKINGS):
    """The sentences the next page shows."""
    return [str(message) for message in client.get(path).context["messages"]]


def errors(answer):
    form = answer.context["adminform"].form if "adminform" in answer.context else answer.context["form"]
    return {name: list(found) for name, found in form.errors.items()}


def row_errors(answer, number=0):
    formset = answer.context["inline_admin_formsets"][number].formset
    found = [{name: list(texts) for name, texts in form.errors.items()} for form in formset.forms if form.errors]
    return found or list(formset.non_form_errors())


# Reading ---------------------------------------------------------------------------------------


def rows_of(salon, count):
    """`count` rows of everything the admin lists, in a day of the salon."""
    service = make_service()
    person = make_member(performs=[service], works=(0, 1440))
    ServiceCategory.objects.create(name="Hair")
    for number in range(count):
        guest = Details(name=f"Guest {number}", email=f"guest{number}@example.com", phone="")
        visit = make_booking(salon, service, at(salon, f"{10 + 2 * number}:00"), details=guest)
        Booking.objects.filter(pk=visit.pk).update(local_date=timezone.now().astimezone(salon.zone).date())
        Closure.objects.create(start_date=date(2030, 1, number + 1), end_date=date(2030, 1, number + 1))
        if number:
            make_service(f"Extra {number}", category=ServiceCategory.objects.create(name=f"Kind {number}"))
            make_member(f"Helper {number}", performs=[service])
    for number in range(count):
        OpeningHours.objects.create(day_of_week=number + 1, start_min=0, end_min=1440)
    return person


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("/admin/", 12),
        ("/admin/bookings/booking/", 10),
        ("/admin/bookings/booking/?when=today&status=confirmed", 10),
        ("/admin/bookings/customer/", 6),
        ("/admin/bookings/service/", 7),
        ("/admin/bookings/servicecategory/", 6),
        ("/admin/bookings/teammember/", 6),
        ("/admin/bookings/openinghours/", 6),
        ("/admin/bookings/closure/", 6),
        ("/admin/audit/auditentry/", 7),
        ("/admin/messaging/message/", 7),
        ("/admin/payments/payment/", 6),
        ("/admin/payments/moneyaction/", 6),
        ("/admin/payments/refund/", 6),
    ],
)
@pytest.mark.parametrize("count", [1, 3])
def test_lists_ask_the_same_of_the_database_whatever_they_show(salon, desk, path, queries, count):
    rows_of(salon, count)
    client = desk("admin")
    client.get(path)

    with CaptureQueriesContext(connection) as seen:
        answer = client.get(path)

    assert (answer.status_code, len(seen)) == (200, queries)


@pytest.mark.parametrize("count", [1, 3])
def test_pages_of_one_thing_ask_the_same_of_the_database(salon, desk, count):
    person = rows_of(salon, count)
    for model in site._registry:
        ContentType.objects.get_for_model(model)
    client = desk("admin")
    pages = {
        "booking": page(Booking.objects.order_by("start_at").first()),
        "complete": page(Booking.objects.order_by("start_at").first(), "complete"),
        "service": f"/admin/bookings/service/{Service.objects.get(name='Cut').pk}/change/",
        "person": f"/admin/bookings/teammember/{person.pk}/change/",
        "customer": f"/admin/bookings/customer/{Customer.objects.get(display_name='Guest 0').pk}/change/",
    }
    found = {}

    for name, path in pages.items():
        with CaptureQueriesContext(connection) as seen:
            assert client.get(path).status_code == 200
        found[name] = len(seen)

    assert found == {"booking": 17, "complete": 10, "service": 12, "person": 15, "customer": 6}


def test_a_booking_of_another_salon_is_not_there(visit, nora, client_for, member):
    client = client_for(nora, member("owner", nora))

    assert [client.get(page(visit, name)).status_code for name in ("change", "complete", "cancel", "history")] == [
        404
    ] * 4
    assert client.get(BOOKINGS).context["cl"].result_count == 0


def test_who_sees_no_customers_sees_no_way_to_reach_them(salon, visit, desk):
    Business.objects.filter(pk=salon.pk).update(role_changes={"view_customers": {"viewer": False}})
    Booking.objects.update(consent=visit.consent | {"address": "203.0.113.9"})
    clients = {role: desk(role) for role in ("viewer", "staff")}

    told = {role: client.get(page(visit)).text for role, client in clients.items()}

    contact = (visit.contact_email, str(visit.contact_phone), "203.0.113.9")
    assert [word in told["viewer"] for word in contact] == [False, False, False]
    assert [word in told["staff"] for word in contact] == [True, True, True]
    assert visit.contact_name in told["viewer"]


@pytest.mark.parametrize("term", ["anna@", "(212) 555-0187"])
def test_who_sees_no_customers_finds_nobody_by_their_address(term, salon, visit, desk):
    Business.objects.filter(pk=salon.pk).update(role_changes={"view_customers": {"viewer": False}})

    found = [desk(role).get(BOOKINGS, {"q": term}).context["cl"].result_count for role in ("viewer", "staff")]

    assert found == [0, 1]


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("staff", 403), ("admin", 200), ("owner", 200)])
def test_what_was_done_to_a_visit_is_for_who_may_see_the_trail(role, status, visit, desk):
    client = desk(role)

    assert client.get(page(visit, "history")).status_code == status
    assert (client.get(page(visit)).context["trail"] is not None) == (status == 200)


def test_who_was_deleted_is_not_kept_in_the_trail(salon, desk, admin):
    by, now = actors.user(admin), timezone.now()
    fields = {"display_name": "Zoe Quark", "email": "zoe@quark.example", "notes": "Quark likes 7N"}
    customer = customers.add_customer(fields=fields, by=by, now=now)
    customers.add_note(customer=customer, text="Zoe called", by=by, now=now + timedelta(microseconds=1))

    desk("owner").post(f"/admin/bookings/customer/{customer.pk}/delete/", {"post": "yes"})

    assert Customer.objects.count() == 0
    lines = AuditEntry.objects.filter(subject_type="bookings.customer").order_by("at")
    assert [line.action for line in lines] == ["customer.added", "customer.noted", "customer.deleted"]
    told = str([(line.subject_label, line.before, line.after) for line in lines]).lower()
    assert [word in told for word in ("zoe", "quark")] == [False, False]


@pytest.mark.parametrize("address", [str(UUID(int=1)), "not-an-id", "1"])
def test_what_is_not_there_is_a_404(salon, desk, address):
    client = desk("admin")

    for model in ("booking", "service"):
        assert client.get(f"/admin/bookings/{model}/{address}/change/").status_code == 404
    assert client.get(f"{BOOKINGS}{address}/cancel/").status_code == 404


def test_the_list_shows_the_salons_wall_clock(salon, visit, desk):
    text = desk("viewer").get(BOOKINGS).text

    assert f"{visit.local_start:%a} {visit.local_start.day} {visit.local_start:%b}, 10:00" in text
    for shown in (visit.ref, "Anna Berg", "Cut", "Ann", "Confirmed", "$50.00"):
        assert shown in text


@pytest.mark.parametrize("term", ["Berg", "anna@example.com", "(212) 555-0187", "5550187", "+1 212 555 0187"])
def test_a_booking_is_found_by_whom_and_how_people_write_it(salon, cut, visit, desk, term):
    make_booking(salon, cut, at(salon, "12:00"), details=Details("Otto Ohm", "otto@example.com", "+12125550199"))

    found = desk().get(BOOKINGS, {"q": term}).context["cl"].result_list

    assert [booking.pk for booking in found] == [visit.pk]


def test_a_booking_is_found_by_its_reference(salon, cut, visit, desk):
    make_booking(salon, cut, at(salon, "12:00"), details=Details("Otto Ohm", "otto@example.com", ""))

    assert [booking.pk for booking in desk().get(BOOKINGS, {"q": visit.ref}).context["cl"].result_list] == [visit.pk]


def test_filters_know_the_salons_day(salon, cut, ann, desk):
    later = make_booking(salon, cut, at(salon))
    past = make_past_visit(
        make_booking(salon, cut, at(salon, "12:00"), details=Details("Otto", "otto@example.com", ""))
    )
    client = desk()

    def refs(**filters):
        return [booking.ref for booking in client.get(BOOKINGS, filters).context["cl"].result_list]

    assert refs(when="unclosed") == [past.ref]
    assert refs(when="coming") == [later.ref]
    assert refs(when="today") == []
    assert refs(status="confirmed", person=str(ann.pk), service=str(cut.pk)) == [later.ref, past.ref]
    assert refs(person=str(uuid4())) == []
    assert refs(person="nonsense") == []
    assert refs(status="hold") == []


def test_holds_are_not_shown(salon, cut, ann, desk):
    held = make_booking(salon, cut, at(salon), status=Status.HOLD)
    client = desk()

    assert client.get(BOOKINGS).context["cl"].result_count == 0
    assert client.get(page(held)).status_code == 404


def test_a_booking_is_read_never_edited(visit, desk):
    client = desk("owner")

    answer = client.post(page(visit), {"status": "completed", "price_cents": "1"})

    visit.refresh_from_db()
    assert (answer.status_code, visit.status, visit.price_cents) == (403, "confirmed", 5000)
    assert client.post(f"{BOOKINGS}{visit.pk}/delete/", {"post": "yes"}).status_code == 403


def test_owner_entered_text_is_escaped(salon, cut, ann, desk):
    nasty = "<script>alert(1)</script>'\"{{7*7}}"
    visit = make_booking(salon, cut, at(salon), details=Details(nasty, "anna@example.com", ""))
    client = desk()

    for path in (BOOKINGS, page(visit), page(visit, "complete"), "/admin/bookings/customer/"):
        text = client.get(path).text
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert(1)" in text


def test_a_viewer_does_not_get_the_customers_links(visit, desk):
    mail = Message.objects.filter(about_id=visit.pk).first()
    path = f"/admin/messaging/message/{mail.pk}/change/"

    shown = {role: "/b/" in desk(role).get(path).text for role in ("viewer", "staff")}

    assert shown == {"viewer": False, "staff": True}


@pytest.mark.parametrize(
    "query",
    [
        "/admin/messaging/message/?text__contains=/b/",
        "/admin/bookings/booking/?contact_email__startswith=a",
        "/admin/bookings/booking/?payments__isnull=0",
        "/admin/bookings/teammember/?user_id__isnull=0",
    ],
)
def test_a_list_is_narrowed_by_its_own_filters_only(query, visit, desk):
    """What a row has in a column that is not shown would be told, letter by letter, by whether it is found."""
    assert desk("viewer").get(query).status_code == 400


def test_the_filters_of_lists_narrow_them(visit, ann, desk):
    client = desk("viewer")

    assert client.get(BOOKINGS, {"status": "confirmed"}).context["cl"].result_count == 1
    assert client.get("/admin/messaging/message/", {"kind": "booking_confirmed"}).context["cl"].result_count == 1
    assert client.get("/admin/bookings/teammember/", {"is_active__exact": "0"}).context["cl"].result_count == 0


# Buttons ---------------------------------------------------------------------------------------

BUTTONS = ("check-in", "cancel", "reschedule", "complete")


@pytest.mark.parametrize("name", [*BUTTONS, "confirm", "refund", "retry"])
def test_a_viewer_presses_nothing(visit, desk, name):
    client = desk("viewer")

    assert (client.get(page(visit, name)).status_code, client.post(page(visit, name)).status_code) == (403, 403)
    assert Booking.objects.get().status == Status.CONFIRMED
    assert AuditEntry.objects.filter(actor_id__isnull=False).count() == 0


@pytest.mark.parametrize("name", BUTTONS)
def test_opening_a_buttons_page_does_nothing(visit, desk, name):
    before = AuditEntry.objects.count()

    assert desk().get(page(visit, name)).status_code == 200
    assert (Booking.objects.get().status, AuditEntry.objects.count()) == (Status.CONFIRMED, before)


@pytest.mark.parametrize("name", BUTTONS)
def test_a_press_from_another_site_is_refused(salon, visit, member, name):
    from config.testing_client import HostClient

    client = HostClient(enforce_csrf_checks=True, HTTP_HOST=salon.host)
    client.schema_name = salon.schema_name
    client.force_login(member("staff"))

    assert client.post(page(visit, name), {"key": str(uuid4())}).status_code == 403
    assert Booking.objects.get().status == Status.CONFIRMED


@pytest.mark.parametrize("name", ["check-in", "cancel"])
def test_a_press_without_its_key_does_nothing(visit, desk, name):
    answer = desk().post(page(visit, name), {"key": "forged"})

    assert (answer.status_code, Booking.objects.get().status) == (200, Status.CONFIRMED)


def test_checking_in(visit, desk, member):
    client = desk()

    answer = press(client, page(visit, "check-in"))

    assert answer["Location"] == page(visit)
    assert Booking.objects.get().status == Status.CHECKED_IN
    assert said(client) == ["Anna Berg is checked in."]
    assert AuditEntry.objects.first().actor_label == "staff@rosa.example"


def test_cancelling_says_what_the_terms_ask_for(salon, cut, ann, desk):
    Business.objects.filter(pk=salon.pk).update(cancellation_fee_type="fixed", cancellation_fee_cents=2000)
    salon.refresh_from_db()
    visit = make_booking(salon, cut, at(salon, "16:00", days=1))
    Business.objects.filter(pk=salon.pk).update(cancellation_fee_type="none")
    Booking.objects.update(consent=visit.consent | {"free_until": "2020-01-01T00:00:00+00:00"})
    client = desk()

    text = client.get(page(visit, "cancel")).text
    press(client, page(visit, "cancel"), reason="Ill")

    visit.refresh_from_db()
    assert "By the terms the customer accepted, cancelling now costs $20.00." in text
    assert "No card on file: $20.00 is let go; nothing is charged." in text
    assert (visit.status, visit.cancellation_reason, visit.cancellation_fee_cents) == ("canceled", "Ill", 2000)


def test_a_second_cancellation_says_where_the_booking_stands(visit, desk):
    client = desk()
    press(client, page(visit, "cancel"))

    assert client.get(page(visit, "cancel"))["Location"] == page(visit)
    assert said(client)[-1] == "Not possible now: this booking is cancelled."


def test_what_the_salon_confirms_by_hand(salon, cut, ann, desk):
    Business.objects.filter(pk=salon.pk).update(auto_confirm=False)
    salon.refresh_from_db()
    visit = make_booking(salon, cut, at(salon))
    client = desk()
    assert "To be confirmed" in client.get(BOOKINGS).text

    press(client, page(visit, "confirm"))

    assert Booking.objects.get().status == Status.CONFIRMED
    assert Message.objects.filter(kind="booking_confirmed").count() == 1


def test_moving_a_visit(salon, visit, desk):
    client = desk()
    day = (at(salon).astimezone(salon.zone) + timedelta(days=1)).date()

    press(client, page(visit, "reschedule"), date=day.isoformat(), time="11:30")

    visit.refresh_from_db()
    assert (visit.local_date, f"{visit.local_time:%H:%M}", visit.price_cents) == (day, "11:30", 5000)
    [(entry, _, change), *_] = desk("admin").get(page(visit)).context["trail"]
    assert entry.action == "booking.rescheduled"
    old, new = (f"{each.day} {each:%b %Y}" for each in (day - timedelta(days=1), day))
    assert change == f"start: {old}, 10:00 → {new}, 11:30"


def test_a_taken_time_is_refused_with_others_that_can_be_taken(salon, cut, ann, visit, desk):
    make_booking(salon, cut, at(salon, "14:00"), details=Details("Otto", "otto@example.com", ""))
    client = desk()
    day = at(salon).astimezone(salon.zone).date().isoformat()

    refused = press(client, page(visit, "reschedule"), date=day, time="14:00")
    offers = refused.context["offers"]
    unmoved = Booking.objects.get(pk=visit.pk).start_at
    picked = press(client, page(visit, "reschedule"), date=day, time="14:00", pick=offers[-1][0])

    assert errors(refused)["__all__"] == ["That time has just been taken. Please choose another one."]
    assert unmoved == visit.start_at
    assert [text.rpartition(" ")[2] for _, text in offers] == ["12:45", "13:00", "15:00"]
    assert picked["Location"] == page(visit)
    assert Booking.objects.get(pk=visit.pk).start_at == at(salon, "15:00")


def test_a_past_visit_is_not_moved(visit, desk):
    make_past_visit(visit)
    client = desk()

    assert client.get(page(visit, "reschedule"))["Location"] == page(visit)
    assert said(client) == ["Only a visit that is still to come can be moved."]


# Bookings taken by phone or at the door --------------------------------------------------------

ADD = f"{BOOKINGS}add/"


def wish(salon, service, clock="10:00", days=7, **more):
    day = at(salon, days=days).astimezone(salon.zone).date()
    rows = {"wanted-TOTAL_FORMS": 1, "wanted-INITIAL_FORMS": 0, "wanted-0-service": service.pk}
    return rows | {"date": day.isoformat(), "time": clock, "party_size": 1, "name": "Walk In"} | more


def test_a_booking_by_phone_asks_for_no_card_and_binds_nobody(salon, cut, ann, desk):
    client = desk()

    answer = press(client, ADD, **wish(salon, cut, phone="(212) 555-0187", email="Walk@Example.com", note="Quiet"))

    booking = Booking.objects.get()
    assert answer["Location"] == page(booking)
    assert (booking.status, booking.source, booking.card_required, booking.consent) == ("confirmed", "staff", False, {})
    assert (booking.contact_email, str(booking.contact_phone)) == ("walk@example.com", "+12125550187")
    assert booking.start_at == at(salon)
    who = set(AuditEntry.objects.values_list("action", "actor_label"))
    assert who == {("booking.pending", "staff@rosa.example"), ("booking.confirmed", "staff@rosa.example")}
    assert booking.payments.get().explicit_consent_flag is False
    assert client.get(page(booking)).status_code == 200


def test_a_form_sent_twice_books_once(salon, cut, ann, desk):
    client = desk()
    form = {"key": key_of(client.get(ADD))} | wish(salon, cut)

    answers = [client.post(ADD, form)["Location"] for _ in range(2)]

    assert answers == [page(Booking.objects.get())] * 2


def test_people_without_an_address_are_not_taken_for_each_other(salon, cut, ann, desk):
    client = desk()

    press(client, ADD, **wish(salon, cut, "10:00", name="Anna", phone="(212) 555-0187"))
    press(client, ADD, **wish(salon, cut, "12:00", name="Otto", phone="(212) 555-0199"))
    press(client, ADD, **wish(salon, cut, "14:00", name="anna", phone="(212) 555-0187"))
    press(client, ADD, **wish(salon, cut, "16:00", name="Nobody"))

    names = list(Booking.objects.order_by("start_at").values_list("customer__display_name", flat=True))
    assert (names, Customer.objects.count()) == (["Anna", "Otto", "Anna", "Nobody"], 3)


def test_a_known_address_finds_its_customer_and_changes_nothing(salon, cut, ann, desk):
    known = make_customer("Anna Berg", "anna@example.com")

    press(desk(), ADD, **wish(salon, cut, name="Somebody Else", email="anna@example.com"))

    booking = Booking.objects.get()
    assert (booking.customer_id, Customer.objects.get().display_name) == (known.pk, "Anna Berg")


def test_short_notice_is_set_aside_knowingly(salon, cut, desk):
    Business.objects.filter(pk=salon.pk).update(min_notice_min=100_000)
    make_member(performs=[cut])
    client = desk()

    refused = press(client, ADD, **wish(salon, cut))
    taken = press(client, ADD, **wish(salon, cut, override="on"))

    assert list(errors(refused)) == ["__all__"]
    assert [line.text for line in refused.context["why"].general] == [
        "Bookings close 69 days 10 h 40 min before the start."
    ]
    assert taken.status_code == 302
    booking, trail = Booking.objects.get(), AuditEntry.objects.get(action="booking.pending")
    assert booking.overrides == ["notice"]
    assert (trail.actor_label, trail.after["overrides"]) == ("staff@rosa.example", ["notice"])
    assert ("Set aside", "the notice") in client.get(page(booking)).context["visit"]


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"time": "25:99"}, "time", "Write a time like 09:00; 26:00 is two in the morning of the next day."),
        ({"phone": "12"}, "phone", "Please write the number with its area code, for example (201) 555-0123."),
        ({"name": " "}, "name", "This field is required."),
        ({"key": "no"}, "key", "Enter a valid UUID."),
        (
            {"date": "2027-03-14", "time": "02:30"},
            "time",
            "The clocks go forward then: this time does not exist on that day.",
        ),
    ],
)
def test_a_booking_that_cannot_be_is_refused_with_a_sentence(salon, cut, ann, desk, change, field, sentence):
    answer = press(desk(), ADD, **wish(salon, cut) | change)

    assert (answer.status_code, errors(answer)[field]) == (200, [sentence])
    assert Booking.objects.count() == 0


def test_a_refused_booking_leaves_the_time_free(salon, cut, ann, desk):
    make_booking(salon, cut, at(salon, "12:00"))
    make_member("Bob", performs=[cut])
    client = desk()

    answer = press(client, ADD, **wish(salon, cut, "12:00", email="anna@example.com", phone="(212) 555-0187"))

    assert errors(answer) == {"__all__": ["You already have a visit at that time."]}
    assert Booking.objects.exclude(status__in=["expired", "failed"]).count() == 1
    assert press(client, ADD, **wish(salon, cut, "12:00")).status_code == 302


def test_a_viewer_books_nothing(salon, cut, ann, desk):
    client = desk("viewer")

    assert (client.get(ADD).status_code, client.post(ADD, wish(salon, cut)).status_code) == (403, 403)


# Catalogue, team, hours ------------------------------------------------------------------------


def inline(prefix, *rows, initial=0):
    """A formset's fields."""
    data = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": initial}
    return data | {f"{prefix}-{number}-{name}": value for number, row in enumerate(rows) for name, value in row.items()}


def person_form(*, weekly=(), special=(), blocks=(), initial=0, **fields):
    return (
        {
            "first_name": "Ines",
            "color": "#123456",
            "max_concurrent_bookings": 1,
            "buffer_time_minutes": 0,
            "sort_order": 0,
        }
        | inline("availability", *weekly, initial=initial)
        | inline("special_days", *special)
        | inline("time_blocks", *blocks)
        | {"is_active": "on"}
        | fields
    )


def hours(day, start, end, **more):
    return {"day_of_week": day, "start_min": start, "end_min": end} | more


TEAM = "/admin/bookings/teammember/"


def test_hours_are_written_as_people_say_them(desk):
    answer = desk("admin").post(f"{TEAM}add/", person_form(weekly=[hours(5, "18:00", "26:00"), hours(1, "9", "17.30")]))

    assert answer.status_code == 302
    found = TeamMemberAvailability.objects.order_by("day_of_week").values_list("day_of_week", "start_min", "end_min")
    assert list(found) == [(1, 540, 1050), (5, 1080, 1560)]


@pytest.mark.parametrize(
    ("weekly", "found"),
    [
        (
            [hours(1, "09:00", "48:01")],
            [{"end_min": ["Write a time like 09:00; 26:00 is two in the morning of the next day."]}],
        ),
        (
            [hours(1, "09:00", "09:00")],
            [{"end_min": ["The end must be after the start; write 26:00 for two in the morning."]}],
        ),
        ([hours(1, "24:00", "26:00")], [{"start_min": ["A shift starts before 24:00; put it on the next day."]}]),
        (
            [hours(1, "nine", "17:00")],
            [{"start_min": ["Write a time like 09:00; 26:00 is two in the morning of the next day."]}],
        ),
        ([hours(1, "09:00", "13:00"), hours(1, "12:00", "17:00")], ["Two shifts overlap. Join them, or change one."]),
        ([hours(7, "20:00", "26:00"), hours(1, "01:00", "05:00")], ["Two shifts overlap. Join them, or change one."]),
    ],
    ids=["too late", "no length", "next day", "words", "overlap", "over Sunday night"],
)
def test_impossible_hours_are_refused_with_a_sentence(desk, weekly, found):
    answer = desk("admin").post(f"{TEAM}add/", person_form(weekly=weekly))

    assert (answer.status_code, row_errors(answer)) == (200, found)
    assert TeamMember.objects.count() == 0


def test_shifts_that_touch_do_not_overlap():
    assert first_overlap([(1, 540, 780), (1, 780, 1020), (7, 1200, 1500)]) is None


def test_hours_for_one_service_are_a_plan_of_their_own(cut, desk):
    weekly = [hours(1, "09:00", "17:00"), hours(1, "12:00", "14:00", service=cut.pk)]

    assert desk("admin").post(f"{TEAM}add/", person_form(weekly=weekly)).status_code == 302


def test_special_days_and_blocks_are_written_with_the_person(salon, desk):
    special = [
        {"date": "2030-05-01", "shifts": "09:00–13:00, 14:00-18:00"},
        {"date": "2030-05-02", "shifts": "", "reason": "Holiday"},
    ]
    blocks = [
        {"starts_at_0": "2030-05-03", "starts_at_1": "10:00", "ends_at_0": "2030-05-03", "ends_at_1": "12:00"},
    ]

    answer = desk("admin").post(
        f"{TEAM}add/", person_form(special=special, blocks=blocks, specialties="curls,  balayage ,")
    )

    assert answer.status_code == 302
    assert list(SpecialDay.objects.order_by("date").values_list("shifts", flat=True)) == [[[540, 780], [840, 1080]], []]
    block = TimeBlock.objects.get()
    assert block.starts_at.astimezone(salon.zone).isoformat() == "2030-05-03T10:00:00-04:00"
    assert block.created_by is not None
    assert TeamMember.objects.get().specialties == ["curls", "balayage"]


@pytest.mark.parametrize(
    ("prefix", "row", "found"),
    [
        (1, {"date": "2030-05-01", "shifts": "9 to 5"}, [{"shifts": ["Write shifts like 09:00–13:00, 14:00–18:00."]}]),
        (
            1,
            {"date": "2030-05-01", "shifts": "09:00–13:00, 12:00–15:00"},
            [{"shifts": ["Shifts must have a length, be in order and not overlap."]}],
        ),
        (
            2,
            {"starts_at_0": "2030-05-03", "starts_at_1": "10:00", "ends_at_0": "2030-05-03", "ends_at_1": "09:00"},
            [{"ends_at": ["The end must be after the start."]}],
        ),
    ],
    ids=["words", "overlap", "backwards"],
)
def test_impossible_days_are_refused_with_a_sentence(desk, prefix, row, found):
    answer = desk("admin").post(f"{TEAM}add/", person_form(**{"special" if prefix == 1 else "blocks": [row]}))

    assert (answer.status_code, row_errors(answer, prefix)) == (200, found)
    assert TeamMember.objects.count() == 0


def test_a_block_over_a_visit_says_which(salon, ann, visit, desk):
    client = desk("admin")
    wall = visit.local_start
    block = {
        "starts_at_0": f"{wall:%Y-%m-%d}",
        "starts_at_1": "08:00",
        "ends_at_0": f"{wall:%Y-%m-%d}",
        "ends_at_1": "12:00",
    }

    asked = client.post(f"{TEAM}{ann.pk}/change/", person_form(blocks=[block]) | {"availability-INITIAL_FORMS": 0})
    client.post(f"{TEAM}{ann.pk}/change/", dict(asked.context["hidden"]))

    where = f"{words.when(visit.local_start)} {visit.ref} Anna Berg"
    assert said(client)[0] == f"These visits fall into blocked time and need a move: {where}."
    assert Booking.objects.get().status == Status.CONFIRMED


def test_a_login_of_the_salon_can_be_linked_once(salon, nora, member, desk):
    colleague, outsider = member("viewer"), member("viewer", nora)
    client = desk("admin")

    linked = client.post(f"{TEAM}add/", person_form(user_id=str(colleague.pk)))
    twice = client.post(f"{TEAM}add/", person_form(user_id=str(colleague.pk)))
    foreign = client.post(f"{TEAM}add/", person_form(user_id=str(outsider.pk)))

    assert linked.status_code == 302
    assert errors(twice) == {"user_id": ["Somebody else on the team has this login."]}
    assert list(errors(foreign)) == ["user_id"]
    assert [str(person.user_id) for person in TeamMember.objects.all()] == [str(colleague.pk)]


SERVICES = "/admin/bookings/service/"


def service_form(*assignments, initial=0, **fields):
    numbers = {"buffer_before_min": 0, "buffer_after_min": 0, "max_group_size": 1, "sort_order": 0}
    numbers |= {"deposit_cents": "0", "deposit_percent": 0}
    return (
        {"name": "Colour", "price_cents": "85.50", "duration_min": 90, "active": "on"}
        | numbers
        | inline("assignments", *assignments, initial=initial)
        | fields
    )


def test_a_service_is_written_in_the_salons_money_and_in_words(ann, desk):
    form = service_form({"team_member": ann.pk, "price_cents": "99"}, phases="30 active, 45 processing, 15 active")

    assert desk("admin").post(f"{SERVICES}add/", form).status_code == 302

    service = Service.objects.get(name="Colour")
    assert service.price_cents == 8550
    assert service.phases == [
        {"kind": "active", "minutes": 30},
        {"kind": "processing", "minutes": 45},
        {"kind": "active", "minutes": 15},
    ]
    assert service.assignments.get().price_cents == 9900


def test_a_currency_without_cents_takes_whole_amounts(salon, desk):
    Business.objects.filter(pk=salon.pk).update(currency_code="JPY")
    client = desk("admin")

    refused = client.post(f"{SERVICES}add/", service_form())
    client.post(f"{SERVICES}add/", service_form(price_cents="8500"))

    assert errors(refused) == {"price_cents": ["Ensure that there are no more than 0 decimal places."]}
    assert Service.objects.get().price_cents == 8500
    assert "¥8,500" in client.get(SERVICES).text


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"phases": "30 active"}, {"phases": ["The phases must add up to the duration."]}),
        ({"phases": "an hour"}, {"phases": ["Write phases like 30 active, 45 processing, 15 active."]}),
        (
            {"phases": "45 processing, 45 active"},
            {"phases": ["A visit starts and ends with an active phase."]},
        ),
        ({"price_cents": "-1"}, {"price_cents": ["Ensure this value is greater than or equal to 0."]}),
        ({"price_cents": "NaN"}, {"price_cents": ["Enter a number."]}),
        ({"duration_min": "0"}, {"duration_min": ["Ensure this value is greater than or equal to 5."]}),
        ({"max_group_size": "3"}, {"max_group_size": ["Switch on group booking, or set the group size to 1."]}),
    ],
)
def test_a_service_that_contradicts_itself_is_refused_with_a_sentence(desk, fields, found):
    answer = desk("admin").post(f"{SERVICES}add/", service_form(**fields))

    assert (answer.status_code, errors(answer)) == (200, found)
    assert Service.objects.count() == 0


def test_nobody_performs_a_service_twice(ann, desk):
    answer = desk("admin").post(f"{SERVICES}add/", service_form({"team_member": ann.pk}, {"team_member": ann.pk}))

    assert answer.status_code == 200
    assert Service.objects.filter(name="Colour").count() == 0


def test_an_unchanged_form_writes_no_trail(cut, desk):
    client = desk("admin")
    form = service_form(name="Cut", price_cents="50.00", duration_min=60)

    client.post(f"{SERVICES}{cut.pk}/change/", form)
    client.post(f"{SERVICES}{cut.pk}/change/", form | {"price_cents": "55"})

    entry = AuditEntry.objects.get()
    assert (entry.action, entry.before, entry.after) == (
        "service.changed",
        {"price_cents": 5000},
        {"price_cents": 5500},
    )


def test_what_bookings_refer_to_is_kept_with_a_sentence(visit, cut, ann, desk):
    client = desk("admin")
    paths = {
        f"{SERVICES}{cut.pk}": "“Cut” is part of bookings, so it was kept. Switch off “Active” to take it off the booking page.",
        f"{TEAM}{ann.pk}": "Ann has bookings, so the entry was kept. Switch off “Active” to take no more of them.",
        f"/admin/bookings/customer/{visit.customer_id}": "Anna Berg has bookings, so the entry was kept.",
    }

    for path, sentence in paths.items():
        answers = [client.get(f"{path}/delete/"), client.post(f"{path}/delete/", {"post": "yes"})]
        assert [answer["Location"] for answer in answers] == [f"{path}/change/"] * 2
        assert said(client) == [sentence] * 2

    assert (Service.objects.count(), TeamMember.objects.count(), Customer.objects.count()) == (1, 1, 1)
    assert AuditEntry.objects.filter(action__endswith=".deleted").count() == 0


def test_a_reference_that_arrives_meanwhile_keeps_it_too(visit, cut, desk, monkeypatch):
    from bookings.admin.catalogue import ServiceAdmin

    monkeypatch.setattr(ServiceAdmin, "is_kept", lambda self, service: False)  # looked before the booking came
    monkeypatch.setattr(ServiceAdmin, "get_deleted_objects", lambda self, objs, request: ([], {}, set(), []))
    client = desk("admin")

    answer = client.post(f"{SERVICES}{cut.pk}/delete/", {"post": "yes"})

    assert answer["Location"] == f"{SERVICES}{cut.pk}/change/"
    assert Service.objects.count() == 1
    assert AuditEntry.objects.filter(action="service.deleted").count() == 0


def test_what_nothing_refers_to_can_go(desk):
    service = make_service("Never booked")

    desk("admin").post(f"{SERVICES}{service.pk}/delete/", {"post": "yes"})

    assert Service.objects.count() == 0
    assert AuditEntry.objects.get().before["name"] == "Never booked"


def picture(kind="PNG", size=(40, 30)):
    from PIL import Image

    data = BytesIO()
    Image.new("RGB", size, "#7c3f58").save(data, kind)
    return SimpleUploadedFile(f"me.{kind.lower()}", data.getvalue())


@pytest.fixture
def own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def test_a_picture_is_drawn_anew_into_the_salons_folder(salon, own_media, desk, salon_client, other_client):
    client = desk("admin")

    answer = client.post(f"{TEAM}add/", person_form(profile_image=picture()))

    person = TeamMember.objects.get()
    assert answer.status_code == 302
    assert re.fullmatch(rf"{salon.schema_name}/pictures/[0-9a-f]{{32}}\.webp", person.profile_image.name)
    assert b"".join(salon_client.get(person.profile_image.url))[8:12] == b"WEBP"
    assert other_client.get(person.profile_image.url).status_code == 404
    assert client.post(f"{TEAM}{person.pk}/change/", person_form(title="Stylist")).status_code == 302
    assert TeamMember.objects.get().profile_image.name == person.profile_image.name


@pytest.mark.parametrize(
    "upload",
    [
        SimpleUploadedFile("me.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        SimpleUploadedFile("me.png", b"<html><script>alert(1)</script>"),
        SimpleUploadedFile("me.png", b"0" * (5 * 1024 * 1024 + 1)),
    ],
    ids=["svg", "html", "too large"],
)
def test_what_is_no_picture_is_refused_with_a_sentence(own_media, desk, upload):
    answer = desk("admin").post(f"{TEAM}add/", person_form(profile_image=upload))

    assert errors(answer) == {"profile_image": ["Please choose a PNG, JPEG or WebP picture of at most 5 MB."]}
    assert (TeamMember.objects.count(), list(own_media.iterdir())) == (0, [])


def test_two_customers_do_not_share_an_address(desk):
    make_customer("Anna", "anna@example.com")
    client = desk()

    refused = client.post("/admin/bookings/customer/add/", {"display_name": "Otto", "email": "ANNA@example.com"})
    taken = client.post("/admin/bookings/customer/add/", {"display_name": "Otto", "email": "Otto@Example.com"})

    assert errors(refused) == {"email": ["Another customer has this e-mail address."]}
    assert taken.status_code == 302
    assert Customer.objects.get(display_name="Otto").email == "otto@example.com"


def test_consent_to_news_is_the_customers_own(desk):
    customer = make_customer()

    desk("owner").post(
        f"/admin/bookings/customer/{customer.pk}/change/",
        {"display_name": "Anna", "email": "anna@example.com", "marketing_opt_in": "on"},
    )

    customer.refresh_from_db()
    assert (customer.display_name, customer.marketing_opt_in) == ("Anna", False)


def test_opening_hours_that_meet_are_refused(desk):
    client = desk("admin")
    client.post("/admin/bookings/openinghours/add/", hours(1, "09:00", "26:00"))

    refused = client.post("/admin/bookings/openinghours/add/", hours(2, "01:00", "05:00"))

    assert errors(refused) == {"__all__": ["These hours overlap others. Join them, or change one."]}
    assert [str(row) for row in OpeningHours.objects.all()] == ["Monday 09:00–26:00"]


def test_a_closure_ends_after_it_begins(desk):
    answer = desk("admin").post("/admin/bookings/closure/add/", {"start_date": "2030-01-02", "end_date": "2030-01-01"})

    assert errors(answer) == {"end_date": ["The last day cannot be before the first."]}
    assert Closure.objects.count() == 0


def test_today_lists_todays_visits_and_what_waits(salon, cut, ann, desk):
    make_past_visit(make_booking(salon, cut, at(salon)), days=2)
    today = make_booking(salon, cut, at(salon, "12:00"), details=Details("Otto", "otto@example.com", ""))
    noon = timezone.now().astimezone(salon.zone)
    Booking.objects.filter(pk=today.pk).update(local_date=noon.date())

    context = desk().get("/admin/").context

    assert [row["booking"].ref for row in context["visits"]] == [today.ref]
    assert [text for _, text, _ in context["waiting"]] == ["1 past visit to close"]
