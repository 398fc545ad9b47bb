"""Customers from a file, and who may be one person twice."""

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.actors import SYSTEM
from audit.models import AuditEntry
from bookings import customer_rows
from bookings.csv_tables import FileRefused
from bookings.duplicates import EMAIL, NAME, PHONE, Known, Pair, pairs
from bookings.models import Customer
from bookings.services import customers
from bookings.tests.factories import make_customer

HEAD = "name,email,phone,notes\n"


def items_of(text, encoding="utf-8", region="US"):
    sheet = customer_rows.read(text.encode(encoding))
    return customer_rows.items(sheet, customer_rows.guess(sheet.columns), region=region)


def take(business, items, **how):
    how = {"update": False} | how
    return customers.import_customers(items=items, business=business, by=SYSTEM, now=timezone.now(), **how)


def counts(outcome):
    return outcome.added, outcome.changed, outcome.same


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Name,E-Mail,Phone\nZoë Ünal,zoe@x.example,(212) 555-0190\n", "utf-8-sig"),
        ("sep=;\r\nName;E-Mail;Phone\r\nZoë Ünal;zoe@x.example;(212) 555-0190\r\n", "cp1252"),
        ("Name\tE-Mail\tPhone\nZoë Ünal\tzoe@x.example\t212-555-0190\n", "utf-16"),
        ("First name,Last name,email address,mobile\n Zoë , Ünal ,ZOE@x.example,+1 212 555 0190\n", "utf-8"),
        ("Nachname;Vorname;Mail;Handy\nÜnal;Zoë;zoe@x.example;2125550190\n", "utf-8"),
    ],
)
def test_files_of_other_programs_are_understood(text, encoding):
    (item,) = items_of(text, encoding)

    assert item.values["phone"] == "+12125550190"
    assert (item.values["email"], set(item.values["display_name"].split())) == ("zoe@x.example", {"Zoë", "Ünal"})


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (",a@x.example,,", "Write the customer’s name."),
        ("Mia,mia,,", "Write the e-mail address in full, like name@example.com."),
        ("Mia,,12,", "Write the phone number with its country or area code."),
        (f"{'m' * 161},,,", "The name is longer than 160 letters."),
        (f"Mia,,,{'n' * 4001}", "The note is longer than 4000 letters."),
    ],
)
def test_a_line_that_cannot_be_says_why(line, problem):
    (item,) = items_of(f"{HEAD}{line}\n")

    assert item.problem == problem


def test_the_same_address_twice_is_taken_once():
    first, second = items_of(f"{HEAD}Mia,mia@x.example,,\nMia B,MIA@x.example,,\n")

    assert (first.problem, second.problem) == ("", "Left out: the same e-mail address is in line 2.")


def test_too_many_lines_are_refused():
    with pytest.raises(FileRefused, match="more than 10,000 lines"):
        customer_rows.read(("name\n" + "Mia\n" * 10_001).encode())


def test_new_customers_are_added_without_consent(salon):
    outcome = take(salon, items_of("name,email,newsletter,marketing consent\nMia,mia@x.example,yes,yes\n"))

    assert (counts(outcome), Customer.objects.get().marketing_opt_in) == ((1, 0, 0), False)
    assert AuditEntry.objects.get(action="customers.imported").after == {"added": 1, "changed": 0}


def test_a_dry_run_answers_alike_and_writes_nothing(salon):
    make_customer(phone="+12125550187")
    text = f"{HEAD}Mia,mia@x.example,,\nAnna Bergmann,anna@example.com,,\nOtto,,+12125550187,\n"

    looked, done = items_of(text), items_of(text)
    dry = take(salon, looked, update=True, dry_run=True)
    nothing = (Customer.objects.count(), AuditEntry.objects.count())
    wet = take(salon, done, update=True)

    assert (counts(dry), nothing) == (counts(wet), (1, 0))
    assert [item.problem for item in looked] == [item.problem for item in done]
    assert counts(wet) == (1, 1, 0)


@pytest.mark.parametrize("update", [True, False])
def test_known_customers_are_changed_where_that_was_chosen(salon, update):
    anna = make_customer(phone="+12125550187", notes="Nuts", marketing_opt_in=True)
    items = items_of(f"{HEAD}Anna Bergmann,anna@example.com,,7N\n")

    outcome = take(salon, items, update=update)

    anna.refresh_from_db()
    assert (anna.display_name, anna.notes, anna.marketing_opt_in) == (
        "Anna Bergmann" if update else "Anna Berg",
        "Nuts",
        True,
    )
    assert (counts(outcome), bool(items[0].problem)) == (((0, 1, 0), False) if update else ((0, 0, 0), True))


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("Anna B,,+12125550187,", True),
        ("Anna B,new@x.example,+12125550187,", False),
        ("Anna B,old@x.example,,", True),
        ("Anna Berg,,,", False),
    ],
    ids=["the number", "the number, another address", "the address of before a merge", "only the name"],
)
def test_who_a_line_is_about(salon, line, meant):
    anna = make_customer(phone="+12125550187")
    former = make_customer("Anna", "old@x.example")
    customers.merge_customers(customer=anna, other=former, by=SYSTEM, now=timezone.now())

    take(salon, items_of(HEAD + line + "\n"), update=True)

    assert Customer.objects.count() == (1 if meant else 2)


def test_a_number_of_several_is_nobodys(salon):
    for name in ("anna", "otto"):
        make_customer(name, f"{name}@example.com", phone="+12125550187")

    items = items_of(f"{HEAD}Mia,,+12125550187,\n")
    outcome = take(salon, items)

    assert (counts(outcome), items[0].problem) == (
        (0, 0, 0),
        "Several customers have this phone number, so it cannot be told who is meant.",
    )


def test_the_same_person_twice_is_changed_once(salon):
    items = items_of(f"{HEAD}Mia,,+12125550190,\nMia Stone,,+12125550190,\n")

    outcome = take(salon, items, update=True)

    assert (counts(outcome), items[1].problem) == ((1, 0, 0), "Left out: an earlier line is the same customer.")


def test_an_address_somebody_got_meanwhile_is_left_out_alone(salon, monkeypatch):
    """The database has the last word: the others of the batch are added all the same."""
    from bookings.services.customers import importing

    planned = importing._planned

    def plan_and_lose(items, update):
        plan = planned(items, update)
        make_customer("Mia", "mia@x.example")
        return plan

    monkeypatch.setattr(importing, "_planned", plan_and_lose)
    items = items_of(f"{HEAD}Mia,mia@x.example,,\nOtto,otto@x.example,,\n")

    outcome = take(salon, items)

    assert (counts(outcome), [item.problem for item in items]) == (
        (1, 0, 0),
        ["Another customer has this e-mail address.", ""],
    )
    assert AuditEntry.objects.get().after == {"added": 1, "changed": 0}


def test_a_file_reaches_one_salon(salon, other_salon):
    with tenant_context(other_salon):
        make_customer()

    take(salon, items_of(f"{HEAD}Anna Bergmann,anna@example.com,,\n"), update=True)

    with tenant_context(other_salon):
        assert Customer.objects.get().display_name == "Anna Berg"


# Twice ---------------------------------------------------------------------------------------------


def known(number, name="", email="", phone=""):
    return Known(number, name or f"Somebody Else{number}", email, phone)


@pytest.mark.parametrize(
    ("one", "two", "why"),
    [
        (known(1, phone="+12125550187"), known(2, phone="+12125550187"), PHONE),
        (known(1, email="anna@x.io"), known(2, email="ANNA+salon@x.io"), EMAIL),
        (known(1, "Ana Müller"), known(2, "muller,  ANA"), NAME),
        (known(1, "Ana Müller", phone="+1212"), known(2, "Ana Müller", phone="+1212"), PHONE),
    ],
)
def test_two_may_be_one(one, two, why):
    assert pairs([one, two]) == [Pair(1, 2, why)]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (known(1, "Anna"), known(2, "Anna")),
        (known(1), known(2)),
        (known(1, email="anna@x.io"), known(2, email="anna@y.io")),
    ],
    ids=["one word is too little", "nothing known", "another host"],
)
def test_two_are_two(one, two):
    assert pairs([one, two]) == []


def test_a_number_half_the_town_has_tells_nothing():
    assert pairs([known(number, phone="+1212") for number in range(9)]) == []
