"""Customers on the dashboard: who sees what, and what their presses do."""

import csv
import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.models import AuditEntry
from bookings import services as diary
from bookings.models import Booking, Customer, CustomerNote, Status
from bookings.services import customers
from bookings.tests.conftest import ann, cut
from bookings.tests.factories import at, make_booking, make_customer, make_past_visit
from messaging import services as messaging
from messaging.models import NotificationTemplate
from messaging.tests.conftest import local_twilio, twilio_server
from payments.models import Payment, PaymentStatus, SavedCard
from payments.tests.test_gift_checkout import text_of
from tenants.tests.api import NO_STATIC, cheap_passwords

__all__ = ["ann", "cheap_passwords", "cut", "local_twilio", "twilio_server"]
pytestmark = NO_STATIC
LIST = "/dashboard/customers/"
ROLES = ("owner", "admin", "staff", "viewer")


def url(name, *args):
    return reverse(f"dashboard:{name}", args=args, urlconf="config.urls_salon")


@pytest.fixture
def desk(client_for, salon, member):
    """`desk("staff")`: a browser signed in with that role in rosa."""
    return lambda role="staff": client_for(salon, member(role))


@pytest.fixture
def anna(salon):
    return make_customer("Anna Berg", "anna@example.com", phone="+12125550187")


def came(business, service, *, days, details=None, clock="10:00", status=Status.COMPLETED):
    """A visit so many days ago."""
    booking = make_booking(business, service, at(business, clock), **({"details": details} if details else {}))
    booking = make_past_visit(booking, days=days)
    Booking.objects.filter(pk=booking.pk).update(status=status)
    return booking


def who(name, number=0):
    return diary.Details(name=name, email=f"{name.split()[0].lower()}@example.com", phone=f"+1212555{number:04}")


def names(answer):
    return [row["customer"].display_name for row in answer.context["rows"]]


# Who gets in ----------------------------------------------------------------------------------------

#: page → which of owner, admin, staff, viewer may open it
PAGES = {
    "customers": (True, True, True, True),
    "customer": (True, True, True, True),
    "customer-add": (True, True, True, False),
    "customer-change": (True, True, True, False),
    "customer-duplicates": (True, True, False, False),
    "customer-merge": (True, True, False, False),
    "customer-erase": (True, True, False, False),
    "customers-import": (True, True, False, False),
}
#: press → the same
PRESSES = {
    "customer-note": (True, True, True, False),
    "customer-no-news": (True, True, True, False),
    "customer-texts": (True, True, True, False),
    "customers-export": (True, True, False, False),
}


def args_of(name, customer, other):
    takes_none = ("customers", "customer-add", "customer-duplicates", "customers-import", "customers-export")
    if name in takes_none:
        return ()
    return (customer.pk, other.pk) if name == "customer-merge" else (customer.pk,)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", PAGES)
def test_a_role_opens_what_it_may(anna, desk, name, role):
    other = make_customer("Otto", "otto@example.com")

    answer = desk(role).get(url(name, *args_of(name, anna, other)))

    assert answer.status_code == (200 if PAGES[name][ROLES.index(role)] else 403)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", PRESSES)
def test_a_role_presses_what_it_may(anna, desk, name, role):
    answer = desk(role).post(url(name, *args_of(name, anna, None)), {"text": "Likes tea"})

    assert answer.status_code in ((200, 302) if PRESSES[name][ROLES.index(role)] else (403,))


@pytest.mark.parametrize("name", {**PAGES, **PRESSES})
def test_another_salons_customers_do_not_exist(anna, client_for, other_salon, member, name):
    with tenant_context(other_salon):
        own = make_customer("Nora", "nora@example.com")
    client = client_for(other_salon, member("owner", other_salon))
    path = url(name, *args_of(name, anna, own))

    answer = client.post(path, {"text": "x"}) if name in PRESSES else client.get(path)

    if str(anna.pk) in path:
        assert answer.status_code == 404
    else:
        assert (answer.status_code, b"Anna" in b"".join(answer)) == (200, False)


def test_members_of_another_salon_find_no_list(anna, client_for, salon, other_salon, member):
    assert client_for(salon, member("owner", other_salon)).get(LIST).status_code == 404


@pytest.mark.parametrize("role", ROLES)
def test_pages_show_the_ways_a_role_may_go(anna, desk, role):
    client, index = desk(role), ROLES.index(role)

    found = client.get(LIST).content.decode() + client.get(url("customer", anna.pk)).content.decode()

    for name in ("customer-add", "customer-duplicates", "customers-import", "customers-export"):
        assert (f'"{url(name)}"' in found) is (PAGES | PRESSES)[name][index]
    for name in ("customer-change", "customer-erase", "customer-note"):
        assert (f'"{url(name, anna.pk)}"' in found) is (PAGES | PRESSES)[name][index]


def test_without_seeing_money_there_is_none(salon, cut, ann, desk, monkeypatch):
    from tenants import permissions

    booking = came(salon, cut, days=3)
    Payment.objects.create(
        booking=booking,
        customer=booking.customer,
        status=PaymentStatus.CAPTURED,
        amount_cents=4321,
        captured_cents=4321,
        currency_code="USD",
        captured_at=timezone.now(),
    )
    SavedCard.objects.create(
        customer=booking.customer,
        payment_method_id="pm_1",
        brand="visa",
        last4="4242",
        stripe_account_id="acct_1",
        stripe_customer_id="cus_1",
        consented_at=timezone.now(),
    )
    client = desk("staff")
    pages = (LIST, url("customer", booking.customer_id))

    seen = "".join(client.get(path).content.decode() for path in pages)
    monkeypatch.setitem(permissions.TABLE, permissions.Permission.VIEW_MONEY, dict.fromkeys(ROLES, False))
    unseen = "".join(client.get(path).content.decode() for path in pages)

    for word in ("$43.21", "4242", "Paid by card"):
        assert (word in seen, word in unseen) == (True, False)
    assert client.get(LIST, {"sort": "spent"}).context["wanted"].sort == "name"


# The list -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("anna", ["Anna Berg"]),
        ("BERG an", ["Anna Berg"]),
        ("otto@", ["Otto Lind"]),
        ("(212) 555-0187", ["Anna Berg"]),
        ("+1 212 555 0187", ["Anna Berg"]),
        ("0187", ["Anna Berg"]),
        ("999", []),
        ("lind", ["Otto Lind"]),
        ("%", []),
        ("nobody", []),
    ],
)
def test_customers_are_found(anna, desk, text, found):
    make_customer("Otto Lind", "otto@example.com", phone="+46812345600")

    assert names(desk().get(LIST, {"q": text})) == found


def test_kinds_of_customers(salon, cut, ann, desk):
    for name, days, status in (("Old", 200, "completed"), ("Fresh", 5, "completed"), ("Missed", 6, "no_show")):
        came(salon, cut, days=days, details=who(f"{name} One"), status=status)
    make_booking(salon, cut, at(salon, "12:00"), details=who("Old Two", 2))
    came(salon, cut, days=150, details=who("Old Two", 2), clock="13:00")
    make_customer("News One", "news@example.com", marketing_opt_in=True)
    Customer.objects.update(created_at=timezone.now() - timedelta(days=300))
    Customer.objects.filter(display_name__startswith="Fresh").update(created_at=timezone.now())
    client = desk()

    def shown(kind):
        return names(client.get(LIST, {"show": kind}))

    assert (shown("new"), shown("no_shows"), shown("news")) == (["Fresh One"], ["Missed One"], ["News One"])
    assert Customer.objects.filter(display_name="Old Two").count() == 0  # the same address: the same person
    assert (shown("lapsed-60"), shown("lapsed-365")) == ([], [])
    Booking.objects.filter(status="confirmed").update(status="canceled")
    assert (shown("lapsed-60"), shown("lapsed-100"), shown("lapsed-180")) == (["Old One"], ["Old One"], [])
    assert len(shown("rubbish")) == len(shown("lapsed-99999")) == 4


def test_the_list_is_sorted(salon, cut, ann, desk):
    first = came(salon, cut, days=9, details=who("Zoe A")).customer
    second = came(salon, cut, days=3, details=who("Yan B"), clock="12:00", status="no_show")
    third = came(salon, cut, days=4, details=who("Xen C"), clock="14:00")
    Payment.objects.create(
        booking=third, customer=third.customer, amount_cents=9, captured_cents=9, currency_code="USD"
    )
    client = desk()

    def sorted_by(sort):
        return [name[0] for name in names(client.get(LIST, {"sort": sort}))]

    assert sorted_by("") == ["X", "Y", "Z"]
    assert sorted_by("last") == ["X", "Z", "Y"]
    assert sorted_by("no_shows") == ["Y", "X", "Z"]
    assert sorted_by("spent") == ["X", "Y", "Z"]
    assert sorted_by("newest") == ["X", "Y", "Z"]
    assert (first.display_name, second.status) == ("Zoe A", "confirmed")


def test_a_line_says_what_somebody_comes_to(salon, cut, ann, desk):
    came(salon, cut, days=9)
    came(salon, cut, days=20, status="no_show")
    make_booking(salon, cut, at(salon))

    (row,) = desk().get(LIST).context["rows"]

    assert (row["figures"].visits, row["figures"].no_shows, row["spent"]) == (1, 1, "$0.00")
    assert (bool(row["last"]), bool(row["next"]), row["phone"]) == (True, True, "+1 212-555-0187")


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_ask_the_same_of_the_database(salon, cut, ann, desk, count):
    for number in range(count):
        details = who(f"Guest{number} X", number)
        came(salon, cut, days=number + 1, details=details)
        make_booking(salon, cut, at(salon, "12:00", days=9 + number), details=details)
        one = Customer.objects.order_by("-created_at").first()
        customers.add_note(customer=one, text="x", by=_actor(), now=timezone.now())
    client, found = desk("owner"), {}

    for path in (LIST, url("customer", one.pk), url("customer-duplicates")):
        with CaptureQueriesContext(connection) as seen:
            assert client.get(path).status_code == 200
        found[path.replace(str(one.pk), "…")] = len(seen)

    assert found == {LIST: 9, url("customer", one.pk).replace(str(one.pk), "…"): 26, url("customer-duplicates"): 6}


def _actor():
    from audit.actors import SYSTEM

    return SYSTEM


def test_pages_of_the_list(salon, desk):
    Customer.objects.bulk_create(Customer(display_name=f"Guest {number:03}") for number in range(30))
    client = desk()

    first, last, beyond = (client.get(LIST, {"page": page}) for page in ("", "2", "99"))

    assert (len(names(first)), names(last)[0], names(beyond)) == (25, "Guest 025", names(last))
    assert (last.context["pager"].previous_url, last.context["pager"].next_url) == ("?page=1", "")


@pytest.mark.parametrize("page", ["0", "-1", "x", "²", "9" * 30, "\0"])
def test_pages_there_are_not(anna, desk, page):
    assert names(desk().get(LIST, {"page": page, "q": "\0"})) == ["Anna Berg"]


def test_empty_lists_say_what_to_do(salon, desk):
    client = desk()

    assert "No customers yet" in text_of(client.get(LIST))
    assert "Nobody found" in text_of(client.get(LIST, {"q": "x"}))


# One customer ---------------------------------------------------------------------------------------


def test_the_card_tells_the_whole_story(salon, cut, ann, desk):
    came(salon, cut, days=9)
    booking = make_booking(salon, cut, at(salon))
    Customer.objects.update(notes="Colour 7N <b>", preferred_member=ann)
    customers.add_note(customer=booking.customer, text="Likes tea", by=_actor(), now=timezone.now())

    text = text_of(desk().get(url("customer", booking.customer_id)))

    for words in (
        "Anna Berg",
        "anna@example.com",
        "Colour 7N",
        "Prefers Ann",
        "Likes tea",
        "Messages",
        "Did not agree",
    ):
        assert words in text


def test_staff_notes_are_in_no_mail_and_in_no_answer_to_the_public(salon, cut, ann, desk, salon_client, mailoutbox):
    from bookings.links import manage_token
    from messaging.models import Message

    booking = make_booking(salon, cut, at(salon))
    Customer.objects.update(notes="canary preference")
    customers.add_note(customer=booking.customer, text="canary note", by=_actor(), now=timezone.now())
    diary.reschedule_booking(business=salon, booking=booking, start=at(salon, "12:00"), by=_actor(), now=timezone.now())

    page = salon_client.get(reverse("bookings:manage", args=[manage_token(booking)], urlconf="config.urls_salon"))

    said = page.content.decode() + "".join(f"{each.text}{each.html}" for each in Message.objects.all())
    assert (page.status_code, "canary" in said) == (200, False)


def test_a_customer_is_added_and_changed(salon, ann, desk):
    client = desk()

    made = client.post(url("customer-add"), {"display_name": "Mia Stone", "phone": "(212) 555-0190", "email": ""})
    mia = Customer.objects.get()
    client.post(
        url("customer-change", mia.pk), {"display_name": "Mia Stone", "phone": "+12125550190", "email": "M@x.example"}
    )

    mia.refresh_from_db()
    assert (made["Location"], mia.email, str(mia.phone)) == (url("customer", mia.pk), "m@x.example", "+12125550190")
    assert list(AuditEntry.objects.order_by("at").values_list("action", flat=True)) == [
        "customer.added",
        "customer.changed",
    ]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"display_name": ""}, "Write the customer’s name."),
        ({"display_name": "Mia", "email": "anna@EXAMPLE.com"}, "Another customer has this e-mail address."),
        ({"display_name": "Mia", "phone": "12"}, "Please write the number with its area code"),
    ],
)
def test_what_cannot_be_keeps_what_was_typed(anna, desk, typed, sentence):
    answer = desk().post(url("customer-add"), typed | {"notes": "typed at length"})

    assert (answer.status_code, Customer.objects.count()) == (422, 1)
    assert sentence in text_of(answer)
    assert "typed at length" in answer.content.decode()


def test_notes_are_added_and_removed(anna, desk):
    client = desk()

    client.post(url("customer-note", anna.pk), {"text": "Likes tea"})
    note = CustomerNote.objects.get()
    empty = client.post(url("customer-note", anna.pk), {"text": " "})
    other = client.post(url("customer-note-remove", make_customer("O", "o@x.example").pk, note.pk))
    kept = CustomerNote.objects.count()
    client.post(url("customer-note-remove", anna.pk, note.pk))

    assert (note.text, note.author_label, empty.status_code, other.status_code) == (
        "Likes tea",
        "staff@rosa.example",
        422,
        404,
    )
    assert (kept, CustomerNote.objects.count()) == (1, 0)


def test_consent_is_taken_back(anna, desk):
    Customer.objects.update(marketing_opt_in=True, marketing_opt_in_at=timezone.now())

    desk().post(url("customer-no-news", anna.pk))

    assert Customer.objects.get().marketing_opt_in is False


# Text messages --------------------------------------------------------------------------------------


@pytest.fixture
def texting(salon, local_twilio):
    NotificationTemplate.objects.create(name="x", channel="sms", trigger="booking_confirmed", body="See you")


def test_a_salon_without_texts_hears_nothing_of_them(anna, desk):
    assert "Text messages" not in text_of(desk().get(url("customer", anna.pk)))


def test_what_a_customer_said_about_texts_is_written_down(anna, desk, texting):
    client = desk()
    assert "Have not agreed." in text_of(client.get(url("customer", anna.pk)))

    client.post(url("customer-texts", anna.pk), {"wanted": "yes"})
    anna.refresh_from_db()
    assert anna.wants_texts
    assert "for +1 212-555-0187." in text_of(client.get(url("customer", anna.pk)))

    client.post(url("customer-texts", anna.pk), {"wanted": "no"})
    anna.refresh_from_db()
    assert (anna.wants_texts, anna.texts_agreed_at) == (False, None)
    page = text_of(client.get(url("customer", anna.pk)))
    assert "They want none." in page
    assert "They want them again" in page


def test_who_answered_stop_is_not_asked_on_the_card(anna, desk, texting):
    how = {"channel": "sms", "address": "+12125550187", "scope": "all", "cause": "stopped"}
    messaging.suppress(**how, now=timezone.now())

    page = text_of(desk().get(url("customer", anna.pk)))

    assert "STOP was answered from this number." in page
    assert "They have agreed" not in page


def test_a_landline_is_said_to_be_one(salon, desk, texting):
    other = make_customer("Otto", "otto@example.com", phone="+33145678901")
    client = desk()

    assert "No mobile number is known." in text_of(client.get(url("customer", other.pk)))
    answer = client.post(url("customer-texts", other.pk), {"wanted": "yes"}, follow=True)
    assert "Text messages cannot be sent to this number." in text_of(answer)
    other.refresh_from_db()
    assert other.texts_number == ""


# Merging and erasing --------------------------------------------------------------------------------


def test_duplicates_are_suggested_and_merged(anna, desk):
    twin = make_customer("Ánna BERG", "anna+salon@example.com")
    client = desk("admin")

    listed = text_of(client.get(url("customer-duplicates")))
    unsure = client.post(url("customer-merge", anna.pk, twin.pk), {"email": "other"})
    left = Customer.objects.count()
    done = client.post(url("customer-merge", anna.pk, twin.pk), {"email": "other", "sure": "1"})

    assert "The same e-mail address, written differently" in listed
    assert (unsure.status_code, left, done["Location"]) == (422, 2, url("customer", anna.pk))
    assert Customer.objects.get().email == "anna+salon@example.com"
    assert client.get(url("customer", twin.pk))["Location"] == url("customer", anna.pk)
    assert client.get(url("customer-merge", anna.pk, anna.pk)).status_code == 404
    assert client.get(url("customer-merge", anna.pk, uuid4())).status_code == 404


def test_erasing_asks_first_and_says_why_not(salon, cut, ann, desk):
    booking = make_booking(salon, cut, at(salon))
    client, path = desk("admin"), url("customer-erase", booking.customer_id)

    unsure, refused = client.post(path), client.post(path, {"sure": "1"})
    Booking.objects.update(status="canceled")
    done = client.post(path, {"sure": "1"}, follow=True)

    assert (unsure.status_code, refused.status_code, done.status_code) == (422, 422, 200)
    assert "A visit is still open." in text_of(refused)
    assert (Customer.objects.get().display_name, names(client.get(LIST))) == ("Erased customer", [])
    assert client.post(path, {"sure": "1"}).status_code == 302
    assert client.get(path).status_code == 404


# Files ----------------------------------------------------------------------------------------------


def exported(client, **asked):
    answer = client.post(url("customers-export"), asked)
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_export_is_safe_for_spreadsheets_and_stands_in_the_trail(anna, desk, other_salon):
    for name in ("=1+1", "+1", "-1", "@x", "\tx", "\rx"):
        Customer.objects.create(display_name=name)
    with tenant_context(other_salon):
        make_customer("Nora", "nora@example.com")
    client = desk("owner")

    rows = exported(client)

    assert {row["name"] for row in rows} == {"Anna Berg", "'=1+1", "'+1", "'-1", "'@x", "'\tx", "'\rx"}
    (row,) = [row for row in rows if row["name"] == "Anna Berg"]
    assert (row["phone"], row["wants news"], row["visits"]) == ("'+12125550187", "no", "0")
    line = AuditEntry.objects.get(action="customers.exported")
    assert (line.actor_label, line.after) == ("owner@rosa.example", {"count": 7})


def test_the_export_takes_what_was_looked_at(anna, desk):
    make_customer("Otto", "otto@example.com")

    assert [row["name"] for row in exported(desk("owner"), q="otto")] == ["Otto"]
    assert AuditEntry.objects.get().after == {"count": 1, "q": "otto"}


def uploaded(client, text, encoding="utf-8"):
    return client.post(url("customers-import"), {"file": io.BytesIO(text.encode(encoding))})


def pressed(answer, client, **typed):
    """The press on the page of the columns, with what stands in it."""
    form = answer.context["form"]
    typed = {f"column-{name}": form[name].value() or "" for name in form.fields} | typed
    hidden = {name: answer.context[name] for name in ("packed", "shown") if name in answer.context}
    return client.post(url("customers-import"), hidden | typed)


SHEET = """Vorname;Nachname;E-Mail;Telefon;Newsletter
Mia;Stein;mia@x.example;(212) 555-0190;ja
Anna;Bergmann;ANNA@example.com;;ja
;;nobody;;
"""


def test_a_file_is_looked_at_before_it_is_imported(anna, desk):
    client = desk("owner")

    look = uploaded(client, SHEET, "cp1252")
    nothing_yet = Customer.objects.count()
    done = pressed(look, client, **{"import": "1"})

    assert (look.context["outcome"].added, look.context["bad_count"], nothing_yet) == (1, 2, 1)
    assert done.context["outcome"].added == 1
    mia = Customer.objects.get(display_name="Mia Stein")
    assert (mia.email, str(mia.phone), mia.marketing_opt_in) == ("mia@x.example", "+12125550190", False)
    assert [item.problem for item in done.context["bad"]] == [
        "Known already; left as they are.",
        "Write the customer’s name. Write the e-mail address in full, like name@example.com.",
    ]
    assert AuditEntry.objects.get(action="customers.imported").after == {"added": 1, "changed": 0}


def test_known_customers_are_brought_up_to_date_where_that_is_chosen(anna, desk):
    client, file = desk("owner"), "name,email,phone,notes\nAnna Bergmann,anna@example.com,+12125550199,Nuts\n"

    look = uploaded(client, file)
    asked = pressed(look, client, **{"column-known": "update", "import": "1"})
    before = Customer.objects.get().display_name
    pressed(asked, client, **{"import": "1"})

    anna.refresh_from_db()
    assert (asked.context["changed"], before) == (True, "Anna Berg")
    assert (anna.display_name, str(anna.phone), anna.notes) == ("Anna Bergmann", "+12125550199", "Nuts")


def test_the_lines_left_out_come_back_as_a_file(anna, desk):
    client = desk("owner")
    look = uploaded(client, "name,email\n=Mia,x\n")

    file = client.post(url("customers-import"), {"problems": look.context["problems"]})

    assert file.content.decode("utf-8-sig").splitlines()[1].startswith("'=Mia,x,")


@pytest.mark.parametrize("field", ["packed", "problems"])
def test_what_another_salon_or_nobody_signed_is_no_file(salon, other_salon, desk, client_for, member, field):
    theirs = uploaded(client_for(other_salon, member("owner", other_salon)), SHEET)
    client = desk("owner")

    for value in (theirs.context["packed"], "rubbish"):
        assert client.post(url("customers-import"), {field: value, "import": "1"}).status_code in (404, 422)
    assert Customer.objects.count() == 0


def test_a_file_that_is_none_is_refused_with_a_sentence(salon, desk):
    answer = desk("owner").post(url("customers-import"), {"file": io.BytesIO(b"PK\x03\x04\0\0")})

    assert (answer.status_code, "This is not a CSV file." in text_of(answer)) == (422, True)
