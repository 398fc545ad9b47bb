"""Lists with years behind them: a page is read without what comes before it, and a part of a word is found in an index."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bookings import queries
from bookings.models import Booking, Customer
from bookings.tests.factories import at, make_booking, make_customer, make_member, make_service
from bookings.tests.figures import visited
from config.admin import site
from messaging import queries as messaging
from messaging.models import Message, Notice
from payments.models import Payment
from payments.queries import payments_by
from payments.queries import visits as visits_with_money
from tenants.models import Business
from tenants.paging import page_of
from tenants.tests.api import NO_STATIC, cheap_passwords

__all__ = ["cheap_passwords"]
pytestmark = NO_STATIC
LIST = "/admin/bookings/booking/"
FIRST = date(2026, 3, 2)


@pytest.fixture
def cut(db):
    return make_service("Cut")


@pytest.fixture
def ann(cut):
    return make_member("Ann", performs=[cut])


@pytest.fixture
def visits(salon, cut, ann):
    """Seven of them, two a day at the same time."""
    people = (ann, make_member("Bea", performs=[cut]))
    return [visited(salon, cut, people[n % 2], FIRST + timedelta(days=n // 2), who=f"Anna {n}") for n in range(7)]


@pytest.mark.parametrize("size", [1, 2, 3, 4, 7, 10])
@pytest.mark.parametrize("order", [("start_at", "pk"), ("-local_date", "-pk"), ("contact_name", "pk")], ids=str)
def test_pages_are_the_slices_of_the_list(visits, order, size):
    rows = Booking.objects.order_by(*order)
    every = list(rows)

    pages = [list(page_of(rows, at, min(at + size, 7), 7)) for at in range(0, 7, size)]

    assert pages == [every[at : at + size] for at in range(0, 7, size)]


def test_a_list_in_its_models_own_order_is_paged_in_it(salon):
    now = timezone.now()
    made = [
        Notice.objects.create(reader_id=salon.pk, event="booked", about_id=salon.pk, version=number, at=now + hours)
        for number, hours in enumerate(timedelta(hours=each) for each in (2, 0, 3, 1))
    ]
    newest_first = [made[number] for number in (2, 0, 3, 1)]

    pages = [list(page_of(Notice.objects.all(), at, at + 2, 4, shown=Notice.objects.all())) for at in (0, 2)]

    assert pages == [newest_first[:2], newest_first[2:]]


def test_a_page_of_a_narrowed_list_shows_what_was_left_of_it(visits):
    rows = Booking.objects.filter(contact_name__in=["Anna 1", "Anna 4", "Anna 6"]).order_by("start_at", "pk")

    found = page_of(rows, 2, 3, 3, shown=visits_with_money())

    assert [booking.contact_name for booking in found] == ["Anna 6"]
    assert [booking.current_payments for booking in found] == [[]]


def test_what_a_row_shows_is_read_for_the_rows_of_the_page_alone(visits):
    rows = visits_with_money().order_by("-start_at", "-pk")

    sql = str(page_of(rows, 0, 3, 7, shown=visits_with_money()).query)

    to_the_page = sql[: sql.index("LIMIT 3")]
    assert "payments_moneyaction" in sql
    assert "payments_moneyaction" not in to_the_page[to_the_page.rindex("IN (SELECT") :]


def test_every_page_of_the_admins_list_shows_its_visits(salon, visits, client_for, member, monkeypatch):
    monkeypatch.setattr(type(site.get_model_admin(Booking)), "list_per_page", 3)
    client = client_for(salon, member("staff"))

    pages = [client.get(f"{LIST}?p={number}").context["cl"].result_list for number in (1, 2, 3)]
    narrowed = client.get(f"{LIST}?q=anna&p=3").context["cl"].result_list

    newest_first = [visit.ref for visit in sorted(visits, key=lambda visit: (visit.start_at, visit.pk), reverse=True)]
    assert [booking.ref for page in pages for booking in page] == newest_first
    assert [booking.ref for booking in narrowed] == newest_first[6:]
    assert client.get(f"{LIST}?p=4").status_code == 302


@pytest.fixture
def booked(salon, cut, ann):
    """A visit of somebody who is called otherwise in the list of customers."""
    booking = make_booking(salon, cut, at(salon))
    Customer.objects.filter(pk=booking.customer_id).update(display_name="Annabel Montagne", email="bel@example.org")
    return booking


@pytest.mark.parametrize(
    "term",
    ["Berg anna", "ANNA@EXAMPLE", "212 555-0187", "montagne", "bel@example.org", "  berg ", "An", "{ref}", "{spoken}"],
)
def test_the_admin_finds_a_visit_by_what_stands_in_it_or_in_its_customer(term, salon, booked, client_for, member):
    term = term.format(ref=booked.ref.lower(), spoken=f"{booked.ref[:4]}-{booked.ref[4:]}")

    found = client_for(salon, member("staff")).get(LIST, {"q": term}).context["cl"].result_list

    assert [booking.ref for booking in found] == [booked.ref]


@pytest.mark.parametrize("term", ["nobody", "%", "_____", "9999999", "' OR 1=1"])
def test_the_admin_finds_nobody_for_anything_else(term, salon, booked, client_for, member):
    assert client_for(salon, member("staff")).get(LIST, {"q": term}).context["cl"].result_list.count() == 0


def test_payments_are_found_by_their_visit_and_by_their_id(booked):
    about = {"booking": booked, "customer": booked.customer, "amount_cents": 100, "currency_code": "EUR"}
    Payment.objects.filter(booking=booked).delete()
    payment = Payment.objects.create(**about, provider_payment_id="pi_1", provider_charge_id="ch_1")

    for term in ("berg", booked.ref, "pi_1", "ch_1", "montagne", "bel@example.org"):
        assert list(payments_by(Payment.objects.all(), term)) == [payment]
    assert list(payments_by(Payment.objects.all(), "pi_")) == []
    assert list(payments_by(Payment.objects.all(), "bel@example.org", contacts=False)) == []


def test_customers_are_found_in_the_admin_however_their_number_is_written(salon, client_for, member):
    make_customer("Anna Berg", "anna@example.com", phone="+12125550187")

    found = client_for(salon, member("staff")).get("/admin/bookings/customer/", {"q": "(212) 555-0187"})

    assert [customer.display_name for customer in found.context["cl"].result_list] == ["Anna Berg"]


@pytest.mark.parametrize(
    ("rows", "indexes"),
    [
        (lambda: queries.visits_by(Booking.objects.all(), "anna berg"), {"booking_search", "customer_search"}),
        (lambda: queries.visits_by(Booking.objects.all(), "2125550187"), {"booking_search", "customer_search"}),
        (lambda: queries.searched(Customer.objects.order_by(), "anna"), {"customer_search"}),
        (lambda: queries.searched(Customer.objects.order_by(), "212 5550187"), {"customer_search"}),
        (lambda: Message.objects.filter(recipient__icontains="anna").order_by(), {"message_search"}),
        (lambda: Message.objects.filter(subject__icontains="visit").order_by(), {"message_search"}),
    ],
    ids=["visits", "visits by number", "customers", "customers by number", "messages to", "messages about"],
)
def test_a_part_of_a_word_is_looked_up_in_an_index(salon, rows, indexes):
    with connection.cursor() as cursor:
        for way in ("seqscan", "indexscan", "indexonlyscan"):  # few as the rows of a test are, they are not read whole
            cursor.execute(f"SET LOCAL enable_{way} = off")

    plan = rows().explain()

    assert {name for name in indexes if name in plan} == indexes, plan
    assert "Seq Scan" not in plan


def test_the_operators_of_parts_of_words_live_outside_every_salon(salon):
    with connection.cursor() as cursor:
        cursor.execute("SELECT extnamespace::regnamespace::text FROM pg_extension WHERE extname = 'pg_trgm'")
        assert cursor.fetchall() == [("public",)]


def test_a_person_and_a_service_are_asked_for_without_reading_a_visit_twice(salon, cut, ann):
    booking = make_booking(salon, cut, at(salon))
    bea, dry = make_member("Bea"), make_service("Dry")
    booking.items.create(
        position=1, service=dry, team_member=bea, start_at=booking.start_at, end_at=booking.end_at, price_cents=0
    )

    def found(**asked):
        return list(queries.visits_of(Booking.objects.all(), **asked))

    assert found() == found(person=ann.pk) == found(person=bea.pk) == found(person=bea.pk, service=cut.pk) == [booking]
    assert found(person=make_member("Cleo").pk) == found(service=make_service("Wash").pk) == []


def test_the_kinds_of_messages_are_told_by_one_query(salon):
    assert messaging.kinds() == []

    for number, kind in enumerate(("reminder", "confirmation", "reminder")):
        Message.objects.create(
            dedupe_key=f"m{number}", kind=kind, recipient="a@example.com", text="x", due_at=timezone.now()
        )

    with CaptureQueriesContext(connection) as sent:
        assert messaging.kinds() == ["confirmation", "reminder"]
    assert len(sent) == 1


@pytest.mark.parametrize(
    ("sees_money", "offered"), [(True, ["booking_confirmed", "payment_receipt"]), (False, ["booking_confirmed"])]
)
def test_the_outbox_offers_the_kinds_it_shows(sees_money, offered, salon, client_for, member):
    Business.objects.filter(pk=salon.pk).update(role_changes={"view_money": {"staff": sees_money}})
    for kind in ("payment_receipt", "booking_confirmed"):
        Message.objects.create(dedupe_key=kind, kind=kind, recipient="a@example.com", text="x", due_at=timezone.now())

    shown = client_for(salon, member("staff")).get("/admin/messaging/message/").context["cl"]

    [kinds] = [each for each in shown.filter_specs if each.title == "kind"]
    assert [key for key, _ in kinds.lookup_choices] == offered
    assert [message.kind for message in shown.result_list] == offered
