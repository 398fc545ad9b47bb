"""Customers added, changed, written about, merged and forgotten."""

import pytest
from django.db import connection
from django.utils import timezone

from audit.actors import Actor
from audit.models import AuditEntry
from bookings import services as diary
from bookings import signals
from bookings.models import Booking, Customer, CustomerNote, FormerCustomer
from bookings.services import customers, records
from bookings.tests.factories import DETAILS, at, hold, make_booking, make_customer, make_past_visit, submit
from messaging.models import Message

BY = Actor(label="Rosa Owner", address="198.51.100.4")
OTHER = diary.Details(name="Anna B.", email="anna.b@example.com", phone="+12125550188")


def acts():
    return list(AuditEntry.objects.order_by("at", "pk").values_list("action", flat=True))


def do(verb, **values):
    return verb(**values, by=BY, now=timezone.now())


@pytest.fixture
def heard():
    """Who was added, as told to higher apps."""
    told = []

    def hear(sender, customer, **kwargs):
        told.append(customer.pk)

    signals.customer_added.connect(hear)
    yield told
    signals.customer_added.disconnect(hear)


def test_a_customer_is_added_tidy_and_told_of(salon, heard):
    fields = {"display_name": "  Mia   Stone ", "email": " Mia@Example.com", "phone": "+12125550187", "notes": "Nuts"}

    customer = do(customers.add_customer, fields=fields)

    customer.refresh_from_db()
    assert (customer.display_name, customer.email, str(customer.phone)) == (
        "Mia Stone",
        "mia@example.com",
        "+12125550187",
    )
    assert (customer.marketing_opt_in, heard, acts()) == (False, [customer.pk], ["customer.added"])


@pytest.mark.parametrize(
    ("fields", "column"),
    [
        ({"display_name": ""}, "display_name"),
        ({"display_name": "Mia", "email": "mia"}, "email"),
        ({"display_name": "Mia", "phone": "12"}, "phone"),
        ({"display_name": "Mia", "email": "ANNA@example.com"}, "email"),
    ],
)
def test_what_cannot_be_is_refused_by_its_column(salon, heard, fields, column):
    make_customer()

    with pytest.raises(records.Refused) as refused:
        do(customers.add_customer, fields=fields)

    assert (refused.value.field, Customer.objects.count(), heard, acts()) == (column, 1, [], [])


def test_consent_to_news_cannot_be_written(salon):
    with pytest.raises(ValueError, match="marketing_opt_in"):
        do(customers.change_customer, customer=make_customer(), fields={"marketing_opt_in": True})


def test_a_change_leaves_before_and_after(salon):
    customer = make_customer()

    do(customers.change_customer, customer=customer, fields={"display_name": "Anna Bergmann", "email": customer.email})
    do(customers.change_customer, customer=customer, fields={"display_name": "Anna Bergmann"})

    (line,) = AuditEntry.objects.all()
    assert (line.before, line.after) == ({"display_name": "Anna Berg"}, {"display_name": "Anna Bergmann"})


def test_a_number_that_was_taken_over_does_not_stand_in_the_way(salon):
    customer = make_customer(phone="+1999")

    do(customers.change_customer, customer=customer, fields={"notes": "Ask for the number"})

    customer.refresh_from_db()
    assert customer.notes == "Ask for the number"


def test_consent_is_taken_back_once(salon):
    customer = make_customer(marketing_opt_in=True, marketing_opt_in_at=timezone.now())

    for _ in range(2):
        do(customers.withdraw_consent, customer=customer)

    customer.refresh_from_db()
    assert (customer.marketing_opt_in, customer.marketing_opt_in_at, acts()) == (False, None, ["customer.changed"])


def test_notes_stand_newest_first_with_who_wrote_them(salon):
    customer = make_customer()

    first = do(customers.add_note, customer=customer, text=" Likes tea ")
    second = do(customers.add_note, customer=customer, text="Moved away")
    do(customers.remove_note, note=first)

    assert list(customer.staff_notes.values_list("text", "author_label")) == [("Moved away", "Rosa Owner")]
    assert (second.text, acts()) == ("Moved away", ["customer.noted", "customer.noted", "customer.note_removed"])
    with pytest.raises(records.Refused):
        do(customers.add_note, customer=customer, text="  ")


# Merging -------------------------------------------------------------------------------------------


def test_merging_moves_everything_and_remembers_the_old_ways(salon, cut, ann):
    one = make_booking(salon, cut, at(salon)).customer
    two = make_booking(salon, cut, at(salon, "12:00"), details=OTHER).customer
    do(customers.change_customer, customer=one, fields={"notes": "Nuts"})
    do(customers.change_customer, customer=two, fields={"notes": "7N", "preferred_member": ann})
    do(customers.add_note, customer=two, text="Likes tea")

    kept = do(customers.merge_customers, customer=one, other=two, take=["phone"])

    kept.refresh_from_db()
    assert (kept.pk, kept.email, str(kept.phone), kept.notes, kept.preferred_member) == (
        one.pk,
        "anna@example.com",
        "+12125550188",
        "Nuts",
        ann,
    )
    assert set(kept.staff_notes.values_list("text", flat=True)) == {"Likes tea", "7N"}
    assert (kept.bookings.count(), list(Customer.objects.all())) == (2, [kept])
    assert customers.find(two.pk) == customers.find(one.pk) == kept
    line = AuditEntry.objects.get(action="customer.merged")
    assert (line.before["merged"]["email"], line.after["kept"]["email"]) == ("anna.b@example.com", "anna@example.com")


def test_an_address_from_before_leads_to_who_stayed(salon, cut, ann):
    one = make_customer()
    two = make_customer("Anna B.", "anna.b@example.com")

    do(customers.merge_customers, customer=one, other=two)
    again = make_booking(salon, cut, at(salon), details=OTHER)

    assert (again.customer, Customer.objects.count()) == (one, 1)


def test_the_other_address_may_stay(salon, cut, ann):
    one, two = make_customer(), make_customer("Anna B.", "anna.b@example.com")

    kept = do(customers.merge_customers, customer=one, other=two, take=["email", "display_name"])

    assert (kept.email, kept.display_name) == ("anna.b@example.com", "Anna B.")
    assert make_booking(salon, cut, at(salon)).customer == kept


@pytest.mark.parametrize(("one", "two"), [(True, True), (True, False), (False, True), (False, False)])
def test_news_are_for_who_agreed_on_both(salon, one, two):
    now = timezone.now()
    rows = [
        make_customer(
            f"Anna {number}",
            f"anna{number}@example.com",
            marketing_opt_in=yes,
            marketing_opt_in_at=(yes and now) or None,
        )
        for number, yes in enumerate((one, two))
    ]

    kept = do(customers.merge_customers, customer=rows[0], other=rows[1])

    assert (kept.marketing_opt_in, kept.marketing_opt_in_at) == ((True, now) if one and two else (False, None))


def test_merging_twice_or_backwards_is_merging_once(salon):
    one, two = make_customer(), make_customer("Anna B.", "anna.b@example.com")

    for pair in ((one, two), (one, two), (two, one)):
        assert do(customers.merge_customers, customer=pair[0], other=pair[1]) == one

    assert acts() == ["customer.merged"]


def test_chains_lead_to_the_end(salon):
    one, two, three = (make_customer(name, f"{name}@example.com") for name in ("one", "two", "three"))

    do(customers.merge_customers, customer=two, other=one)
    do(customers.merge_customers, customer=three, other=two)

    assert {customers.find(each.pk) for each in (one, two, three)} == {three}


def test_nobody_is_merged_with_who_is_not_there(salon):
    one = make_customer()
    nobody = Customer(display_name="Nobody")

    with pytest.raises(records.Gone):
        do(customers.merge_customers, customer=one, other=nobody)


# Forgetting ----------------------------------------------------------------------------------------

CANARY = diary.Details(
    name="Zebedee Quark",
    email="zebedee@quark.example",
    phone="+12125550163",
    special_requests="Zebedee Quark is allergic",
    zone="Pacific/Chatham",
)
TRACES = ("zebedee", "quark", "2125550163", "chatham")


def where_it_stands(words=TRACES):
    """Every table of the salon's schema that has a row with one of the words in any of its columns."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [connection.schema_name])
        tables = [name for (name,) in cursor.fetchall()]
        found = {}
        for table in tables:
            cursor.execute(f'SELECT lower(row_to_json(t)::text) FROM "{table}" t')
            rows = [text for (text,) in cursor.fetchall() if any(word in text for word in words)]
            if rows:
                found[table] = rows
    return found


@pytest.fixture
def closed_visit(salon, cut, ann):
    booking = make_past_visit(make_booking(salon, cut, at(salon), details=CANARY))
    now = timezone.now()
    diary.check_in(booking=booking, by=BY, now=now)
    return diary.complete_booking(booking=booking, by=BY, now=now)


def test_nothing_in_the_salons_schema_says_who_it_was(salon, closed_visit):
    customer = closed_visit.customer
    do(customers.change_customer, customer=customer, fields={"notes": "Zebedee likes 7N"})
    do(customers.add_note, customer=customer, text="Mr Quark called from 2125550163")
    former = make_customer("Zeb Quark", "zeb@quark.example")
    do(customers.merge_customers, customer=customer, other=former)
    before = where_it_stands()
    price = (closed_visit.price_cents, closed_visit.start_at, closed_visit.status)

    do(customers.erase_customer, customer=customer)

    assert {"bookings_customer", "bookings_booking", "messaging_message", "audit_auditentry"} <= set(before)
    assert where_it_stands() == {}
    closed_visit.refresh_from_db()
    assert (closed_visit.price_cents, closed_visit.start_at, closed_visit.status) == price
    assert (closed_visit.contact_name, closed_visit.consent["address"]) == ("Erased customer", None)
    assert Message.objects.filter(about_id=closed_visit.pk).exclude(text="").count() == 0
    assert customers.find(former.pk) == customer


def test_forgetting_twice_changes_nothing_more(salon, closed_visit):
    for _ in range(2):
        do(customers.erase_customer, customer=closed_visit.customer)

    assert acts().count("customer.erased") == 1


@pytest.mark.parametrize("status", ["pending", "confirmed"])
def test_nobody_is_forgotten_while_a_visit_is_open(salon, cut, ann, status):
    booking = make_booking(salon, cut, at(salon), details=CANARY, status=status)

    with pytest.raises(customers.StillNeeded):
        do(customers.erase_customer, customer=booking.customer)

    booking.refresh_from_db()
    assert (booking.contact_name, booking.customer.display_name) == ("Zebedee Quark", "Zebedee Quark")


def test_who_was_forgotten_cannot_be_written_again(salon, closed_visit):
    customer = do(customers.erase_customer, customer=closed_visit.customer)

    for verb, values in (
        (customers.change_customer, {"fields": {"display_name": "Zebedee"}}),
        (customers.add_note, {"text": "Zebedee"}),
        (customers.merge_customers, {"other": make_customer()}),
    ):
        with pytest.raises(customers.Erased):
            do(verb, customer=customer, **values)
    assert (CustomerNote.objects.count(), FormerCustomer.objects.count()) == (0, 0)


def test_another_salons_rows_stay(salon, other_salon, closed_visit):
    from django_tenants.utils import tenant_context

    with tenant_context(other_salon):
        twin = make_customer("Zebedee Quark", "zebedee@quark.example")

    do(customers.erase_customer, customer=closed_visit.customer)

    with tenant_context(other_salon):
        twin.refresh_from_db()
        assert twin.display_name == "Zebedee Quark"


def test_others_of_the_same_name_stay(salon, cut, ann, closed_visit):
    twin = diary.Details(name="Zebedee Quark", email="another@example.com", phone="+12125550164")
    theirs = make_booking(salon, cut, at(salon, "14:00"), details=twin)

    do(customers.erase_customer, customer=closed_visit.customer)

    theirs.refresh_from_db()
    assert (theirs.contact_name, theirs.customer.display_name) == ("Zebedee Quark", "Zebedee Quark")


def test_who_comes_again_after_that_is_somebody_new(salon, cut, ann, closed_visit):
    do(customers.erase_customer, customer=closed_visit.customer)

    again = submit(salon, hold(salon, cut, at(salon, "15:00")), CANARY)

    assert (again.customer == closed_visit.customer, again.customer.display_name) == (False, "Zebedee Quark")
    assert Booking.objects.filter(customer=closed_visit.customer).count() == 1
    assert DETAILS.email != again.contact_email
