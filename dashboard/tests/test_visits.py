"""The list of visits: filters, buttons on each row, several closed at once, and the list as a file."""

import csv
import io

import pytest

from audit.models import AuditEntry
from bookings.models import Booking, Status
from bookings.services import Details
from bookings.tests.factories import at, make_booking, make_member, make_past_visit, make_service
from dashboard.tests.pages import said, sent_by, url
from payments.models import MoneyAction
from tenants.models import Business
from tenants.tests.api import NO_STATIC

pytestmark = NO_STATIC
LIST = 11


@pytest.fixture
def desk(salon, client_for, member):
    return lambda role="staff": client_for(salon, member(role))


@pytest.fixture
def past(salon, cut, ann):
    """Over since yesterday, not closed."""
    return make_past_visit(make_booking(salon, cut, at(salon, "10:00")))


@pytest.fixture
def coming(salon, cut, ann):
    """In a week, somebody else's."""
    guest = Details(name="Béa Cole-Dupont", email="bea@example.com", phone="+12125550188")
    return make_booking(salon, cut, at(salon, "12:00"), details=guest)


def listed(client, **query):
    return [row["visit"].ref for row in client.get(url("visits"), query).context["rows"]]


def tick(answer_or_visits, kind, **more):
    return {"kind": kind, "visit": [str(visit.pk) for visit in answer_or_visits], **more}


@pytest.mark.parametrize("role", ["owner", "admin", "staff", "viewer"])
def test_every_role_sees_the_list(role, past, coming, desk):
    assert listed(desk(role)) == [coming.ref, past.ref]


def test_it_is_empty_in_another_salon(past, other_salon, client_for, member):
    client = client_for(other_salon, member("owner", other_salon))

    assert listed(client) == []
    assert "No visits yet" in client.get(url("visits")).text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"when": "unclosed"}, ["past"]),
        ({"when": "past"}, ["past"]),
        ({"when": "coming"}, ["coming"]),
        ({"when": "today"}, []),
        ({"status": "completed"}, []),
        ({"status": "confirmed"}, ["coming", "past"]),
        ({"q": "bea cole"}, []),
        ({"q": "Cole Béa"}, ["coming"]),
        ({"q": "bea@"}, ["coming"]),
        ({"q": "(212) 555-0188"}, ["coming"]),
        ({"q": "+1 212-555 0187"}, ["past"]),
        ({"money": "fee_due"}, []),
        ({"when": "nonsense", "status": "gone", "first": "soon"}, ["coming", "past"]),
    ],
    ids=str,
)
def test_a_filter_narrows_it(query, found, past, coming, desk):
    refs = {"past": past.ref, "coming": coming.ref}

    assert listed(desk(), **query) == [refs[name] for name in found]


def test_who_sees_no_money_narrows_by_none(salon, past, coming, desk):
    Business.objects.filter(pk=salon.pk).update(role_changes={"view_money": {"viewer": False}})

    viewer = desk("viewer")

    assert listed(viewer, money="paid") == [coming.ref, past.ref]
    assert "Any payment" not in viewer.get(url("visits")).text
    assert listed(desk("staff"), money="paid") == []


@pytest.mark.parametrize("term", ["bea@", "(212) 555-0188"])
def test_who_sees_no_customers_finds_nobody_by_their_address(term, salon, past, coming, desk):
    Business.objects.filter(pk=salon.pk).update(role_changes={"view_customers": {"viewer": False}})

    client = desk("viewer")

    assert listed(client, q=term) == []
    assert listed(client, q="Cole Béa") == [coming.ref]


def test_a_reference_finds_its_visit_however_it_is_read_out(past, coming, desk):
    text = f"{coming.ref[:4].lower()} {coming.ref[4:]}"

    assert listed(desk(), q=text) == [coming.ref]


def test_people_services_and_dates_narrow_it(salon, past, coming, ann, cut, desk):
    colour = make_service("Colour")
    bob = make_member("Bob", performs=[colour])
    theirs = make_booking(salon, colour, at(salon, "09:00", days=9))
    client = desk()

    assert listed(client, person=str(bob.pk)) == [theirs.ref]
    assert listed(client, service=str(cut.pk)) == [coming.ref, past.ref]
    assert listed(client, first=theirs.local_date.isoformat()) == [theirs.ref]
    assert listed(client, last=past.local_date.isoformat()) == [past.ref]


def test_a_row_has_the_buttons_a_role_may_press(past, coming, desk):
    def labels(role):
        rows = desk(role).get(url("visits")).context["rows"]
        return {row["visit"]: [label for _, label, _ in row["buttons"]] for row in rows}

    # Nobody has come, or stayed away, next week.
    assert labels("staff") == {past: ["Check in", "Completed", "No-show", "Cancelled"], coming: ["Cancelled"]}
    assert labels("viewer") == {past: [], coming: []}


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_for_one_and_three(number, salon, cut, ann, desk, django_assert_num_queries):
    for hour in range(number):
        guest = Details(name=f"Guest {hour}", email=f"g{hour}@example.com", phone="+12125550166")
        make_booking(salon, cut, at(salon, f"{10 + hour}:00"), details=guest)
    client = desk()
    client.get(url("visits"))

    with django_assert_num_queries(LIST):
        client.get(url("visits"))


def test_pages_go_on_and_keep_the_question(past, coming, desk, monkeypatch):
    monkeypatch.setattr("dashboard.paging.paged.__kwdefaults__", {"per_page": 1})
    client = desk()

    first, second = client.get(url("visits"), {"status": "confirmed"}), client.get(url("visits"), {"page": 2})

    assert first.context["pager"].next_url == "?status=confirmed&page=2"
    assert [row["visit"].ref for row in second.context["rows"]] == [past.ref]
    assert listed(client, page="99999999999999999999") == [coming.ref]


# Several at once -----------------------------------------------------------------------------------


def test_ticked_visits_are_asked_about_and_pressed_once_each(past, coming, desk):
    client = desk()
    asked = client.post(url("visits-close"), tick([past, coming], "complete", back="when=unclosed"))
    form = sent_by(asked) | tick([past, coming], "complete", back="when=unclosed")

    answers = [client.post(url("visits-close"), form) for _ in range(2)]

    assert [line.partition(":")[0] for line in asked.context["question"].lines] == [
        f"{past.ref}, Anna Berg",
        f"{coming.ref}, Béa Cole-Dupont",
    ]
    assert asked.context["question"].button == "Complete 2 visits"
    assert {answer["Location"] for answer in answers} == {url("visits", when="unclosed")}
    assert set(Booking.objects.values_list("status", flat=True)) == {Status.COMPLETED}
    assert MoneyAction.objects.count() == 2


def test_nothing_ticked_and_nothing_known_changes_nothing(past, desk):
    client = desk()

    client.post(url("visits-close"), tick([], "complete"))
    client.post(url("visits-close"), {"kind": "erase", "visit": [str(past.pk)], "key": "x"})
    client.post(url("visits-close"), {"kind": "complete", "visit": ["no id"]})

    assert said(client) == [("warning", "Tick the visits first.")] * 2
    assert Booking.objects.get().status == Status.CONFIRMED


def test_where_to_go_back_to_is_never_another_site(past, desk):
    answer = desk().post(url("visits-close"), {"kind": "erase", "back": "https://evil.example/"})

    assert answer["Location"].startswith("/dashboard/visits/?")


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("staff", 200)])
def test_only_who_may_close_visits_closes_several(role, status, past, desk):
    assert desk(role).post(url("visits-close"), tick([past], "no_show")).status_code == status


def test_another_salons_visits_are_not_ticked(past, other_salon, client_for, member):
    client = client_for(other_salon, member("owner", other_salon))

    client.post(url("visits-close"), tick([past], "complete"))

    assert said(client) == [("warning", "Tick the visits first.")]


# As a file -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("role", "status"), [("owner", 200), ("admin", 200), ("staff", 403), ("viewer", 403)])
def test_the_file_is_for_who_may_take_customers_along(role, status, past, desk):
    assert desk(role).post(url("visits-file")).status_code == status


def test_the_file_says_what_the_list_says(salon, cut, past, desk):
    guest = Details(name="=1+1", email="eve@example.com", phone="+12125550144")
    formula = make_booking(salon, cut, at(salon, "15:00"), details=guest)

    answer = desk("admin").post(url("visits-file"), {"back": "when=coming"})

    [row] = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert row == {
        "Reference": formula.ref,
        "Date": formula.local_date.isoformat(),
        "Time": "15:00",
        "Customer": "'=1+1",
        "E-mail": "eve@example.com",
        "Phone": "'+12125550144",
        "Service": "Cut",
        "With": "Ann",
        "State": "Confirmed",
        "Price": "50.00",
        "Currency": "USD",
        "Payment": "At the salon",
    }
    assert AuditEntry.objects.get(action="visits.exported").after == {"count": 1, "when": "coming"}
