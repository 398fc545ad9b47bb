"""The trail's pages: who reads them, what they say, and that they cost the same however much there is."""

import csv
import io
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import tenant_context

from audit import actors
from audit.models import AuditEntry
from audit.services import record
from tenants.models import Role
from tenants.tests.api import NO_STATIC, cheap_passwords

__all__ = ["cheap_passwords"]
pytestmark = NO_STATIC
NOON = datetime(2026, 3, 10, 16, tzinfo=UTC)
ADA = actors.Actor(label="Ada (customer)", address="198.51.100.7")


def noted(business, *, actor=ADA, action="booking.rescheduled", at=NOON, before=None, after=None):
    with tenant_context(business):
        return record(actor=actor, action=action, subject=business, at=at, before=before, after=after)


def opened(client, path="/dashboard/trail/", **query):
    answer = client.get(path, query)
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize(("role", "status"), [("owner", 200), ("admin", 200), ("staff", 403), ("viewer", 403)])
def test_owners_and_admins_read_the_trail(role, status, client_for, rosa, member):
    entry = noted(rosa)
    client = client_for(rosa, member(role))

    for answer in (
        client.get("/dashboard/trail/"),
        client.get(f"/dashboard/trail/{entry.pk}/"),
        client.post("/dashboard/trail/csv/"),
    ):
        assert answer.status_code == status


def test_nobody_writes_it(client_for, rosa, member):
    entry = noted(rosa)
    client = client_for(rosa, member("owner"))

    for path in ("/dashboard/trail/", f"/dashboard/trail/{entry.pk}/"):
        assert [client.post(path).status_code, client.delete(path).status_code] == [405, 405]


def test_another_salons_entries_are_not_there(client_for, rosa, nora, member):
    theirs = noted(nora, actor=actors.Actor(label="Somebody of Nora"))
    client = client_for(rosa, member("owner"))

    assert "Somebody of Nora" not in opened(client)
    assert client.get(f"/dashboard/trail/{theirs.pk}/").status_code == 404
    assert client.get(f"/dashboard/trail/{uuid4()}/").status_code == 404
    assert client_for(rosa, member("owner", nora)).get("/dashboard/trail/").status_code == 404


def test_a_line_says_who_what_when_and_from_where(client_for, rosa, member):
    noted(rosa, before={"start": "2026-03-12T15:00:00+00:00"}, after={"start": "2026-03-12T16:30:00+00:00"})

    text = opened(client_for(rosa, member("admin")))

    for said in ("Booking rescheduled", "Ada (customer)", "198.51.100.7", "10 Mar 2026, 12:00", "Rosa"):
        assert said in text
    assert "12 Mar 2026, 11:00 → 12 Mar 2026, 12:30" in text


def test_an_entrys_page_has_before_and_after_side_by_side(client_for, rosa, member):
    entry = noted(rosa, action="policies.changed", before={"no_show_fee_cents": 0}, after={"no_show_fee_cents": 2500})

    text = opened(client_for(rosa, member("admin")), f"/dashboard/trail/{entry.pk}/")

    assert '<th scope="row">no show fee</th><td>$0.00</td><td>$25.00</td>' in text
    assert f"/dashboard/trail/?subject=tenants.business%3A{rosa.pk}" in text


def test_words_of_the_trail_are_shown_not_run(client_for, rosa, member):
    entry = noted(rosa, actor=actors.Actor(label="<b>x</b>"), after={"note": "<script>alert(1)</script>"})
    client = client_for(rosa, member("owner"))

    for path in ("/dashboard/trail/", f"/dashboard/trail/{entry.pk}/"):
        text = opened(client, path)
        assert "<script>alert" not in text
        assert "&lt;b&gt;x&lt;/b&gt;" in text


def test_filters_narrow_the_list_down(client_for, rosa, member):
    staff = member("staff")
    noted(rosa, actor=actors.user(staff), action="customer.added")
    noted(rosa, action="booking.rescheduled")
    client = client_for(rosa, member("owner"))

    by_person, by_act = opened(client, who=str(staff.pk)), opened(client, act="booking.rescheduled")
    nothing = opened(client, first="2026-03-11")

    assert ("<b>Customer added</b>" in by_person, "<b>Booking rescheduled</b>" in by_person) == (True, False)
    assert ("<b>Customer added</b>" in by_act, "<b>Booking rescheduled</b>" in by_act) == (False, True)
    assert "Nothing found" in nothing


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"who": "nobody"}, "Select a valid choice"),
        ({"act": "x' OR 1=1"}, "Select a valid choice"),
        ({"first": "yesterday"}, "Enter a valid date"),
        ({"first": "0001-01-01"}, "Choose a date from 2000 on."),
        ({"last": "9999-12-31"}, "Choose a date from 2000 on."),
        ({"first": "2026-03-11", "last": "2026-03-10"}, "The last day lies before the first one."),
    ],
)
def test_what_cannot_be_is_said_and_shows_nothing(query, said, client_for, rosa, member):
    noted(rosa)

    text = opened(client_for(rosa, member("owner")), **query)

    assert said in text
    assert "<b>Booking rescheduled</b>" not in text


def test_older_entries_are_a_page_away_and_keep_the_filter(client_for, rosa, member):
    for number in range(51):
        noted(rosa, at=NOON + timedelta(minutes=number), after={"number": number})
    client = client_for(rosa, member("owner"))

    first = opened(client, act="booking.rescheduled")
    older = first.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    second = opened(client, f"/dashboard/trail/{older}")

    assert first.count('class="desk-row"') == 50
    assert older.startswith("?act=booking.rescheduled&older=")
    assert second.count('class="desk-row"') == 1
    assert 'rel="prev"' in second


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_however_much_there_is(count, client_for, rosa, member):
    for number in range(count):
        noted(rosa, at=NOON + timedelta(minutes=number))
    client = client_for(rosa, member("owner"))
    client.get("/dashboard/trail/")

    with CaptureQueriesContext(connection) as seen:
        client.get("/dashboard/trail/")

    assert len(seen) == 9


def test_nothing_is_counted(client_for, rosa, member):
    noted(rosa)
    client = client_for(rosa, member("owner"))

    with CaptureQueriesContext(connection) as seen:
        client.get("/dashboard/trail/")

    assert [query["sql"] for query in seen if "COUNT(" in query["sql"] and "audit_" in query["sql"]] == []


def test_the_file_has_the_same_lines_and_no_formulas(client_for, rosa, member):
    noted(rosa, actor=actors.Actor(label="=HYPERLINK(1)", address="198.51.100.7"), after={"note": "x"})
    noted(rosa, action="salon.changed", at=NOON + timedelta(minutes=1))
    client = client_for(rosa, member("admin"))

    answer = client.post("/dashboard/trail/csv/", {"act": "booking.rescheduled"})
    rows = list(csv.reader(io.StringIO(answer.text)))

    assert answer["Content-Disposition"] == 'attachment; filename="trail-rosa.csv"'
    assert "no-store" in answer["Cache-Control"]
    assert rows[1:] == [
        [
            "2026-03-10T12:00:00-04:00",
            "'=HYPERLINK(1)",
            "Booking rescheduled",
            rosa.name,
            "The salon",
            "",
            '{"note": "x"}',
            "198.51.100.7",
            rows[1][8],
        ]
    ]
    with tenant_context(rosa):
        taken = AuditEntry.objects.get(action="trail.exported")
    assert (taken.actor_label, taken.after) == ("admin@rosa.example", {"count": 1, "act": "booking.rescheduled"})


def test_an_empty_trail_says_what_comes_here(client_for, rosa, member):
    assert "Nothing has happened yet" in opened(client_for(rosa, member("owner")))


@pytest.mark.parametrize("role", Role.values)
def test_the_settings_lead_here_for_who_may_read_it(role, client_for, rosa, member):
    answer = client_for(rosa, member(role)).get("/dashboard/settings/")

    assert ("/dashboard/trail/" in answer.text) == (role in ("owner", "admin"))


def test_reading_leaves_the_trail_as_it_was(client_for, rosa, member):
    entry = noted(rosa)
    client = client_for(rosa, member("owner"))

    opened(client)
    opened(client, f"/dashboard/trail/{entry.pk}/")

    with tenant_context(rosa):
        assert list(AuditEntry.objects.all()) == [entry]
