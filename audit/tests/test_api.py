"""The trail for programs: by role, of this salon alone, onwards without losing a line."""

from datetime import UTC, datetime, timedelta

import pytest
from django_tenants.utils import tenant_context

from audit import actors
from audit.services import record
from tenants.models import Business
from tenants.tests.api import NO_STATIC, Api, cheap_passwords, signed_in

__all__ = ["cheap_passwords"]
pytestmark = NO_STATIC
PATH = "/api/v1/admin/audit"
NOON = datetime(2026, 3, 10, 16, tzinfo=UTC)


def noted(business, count=1, **entry):
    entry = {"actor": actors.Actor("Ada (customer)", address="198.51.100.7"), "action": "booking.rescheduled"} | entry
    with tenant_context(business):
        return [record(subject=business, at=NOON + timedelta(minutes=number), **entry) for number in range(count)]


@pytest.mark.parametrize(("role", "status"), [("owner", 200), ("admin", 200), ("staff", 403), ("viewer", 403)])
def test_owners_and_admins_read_it(role, status, rosa, member):
    assert signed_in(rosa, member(role)).get(PATH).status_code == status


def test_strangers_and_members_of_another_salon_do_not(rosa, nora, member):
    assert Api(rosa).get(PATH).status_code == 401
    assert signed_in(rosa, member("owner", nora)).get(PATH).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nobody_writes_it(method, rosa, member):
    assert getattr(signed_in(rosa, member("owner")), method)(PATH).status_code == 405


def test_an_entry_says_all_of_it(rosa, nora, member):
    (entry,) = noted(rosa, before={"start": "a"}, after={"start": "b"})
    noted(nora)

    answer = signed_in(rosa, member("admin")).get(PATH).json()

    assert answer == {
        "next": None,
        "previous": None,
        "results": [
            {
                "id": str(entry.pk),
                "at": "2026-03-10T16:00:00Z",
                "actor_id": None,
                "actor_label": "Ada (customer)",
                "action": "booking.rescheduled",
                "subject_type": "tenants.business",
                "subject_id": str(rosa.pk),
                "subject_label": rosa.name,
                "before": {"start": "a"},
                "after": {"start": "b"},
                "address": "198.51.100.7",
                "request_id": entry.request_id,
            }
        ],
    }


def test_next_leads_through_all_of_it_and_keeps_what_was_asked(rosa, member):
    entries = noted(rosa, 5)
    noted(rosa, action="salon.changed")
    api, found = signed_in(rosa, member("owner")), []

    answer = api.get(PATH, limit=2, act="booking.rescheduled").json()
    while True:
        found += [entry["id"] for entry in answer["results"]]
        if answer["next"] is None:
            break
        host, _, rest = answer["next"].removeprefix("http://").partition("/")
        assert host.partition(":")[0] == rosa.host
        answer = api.get(f"/{rest}").json()

    assert found == [str(entry.pk) for entry in reversed(entries)]


def test_it_is_narrowed_down(rosa, member):
    staff = member("staff")
    noted(rosa, actor=actors.user(staff))
    noted(rosa, action="salon.changed")
    api = signed_in(rosa, member("owner"))

    def acts(**query):
        return sorted(entry["action"] for entry in api.get(PATH, **query).json()["results"])

    assert acts(who=str(staff.pk)) == ["booking.rescheduled"]
    assert acts(who="customers") == ["salon.changed"]
    assert acts(who="tithi") == acts(who="support") == []
    assert acts(act="salon.changed") == ["salon.changed"]
    assert acts(subject=f"tenants.business:{rosa.pk}") == ["booking.rescheduled", "salon.changed"]
    assert acts(start_date="2026-03-11") == acts(end_date="2026-03-09") == []
    assert acts(start_date="2026-03-10", end_date="2026-03-10") == ["booking.rescheduled", "salon.changed"]


@pytest.mark.parametrize(
    "query",
    [
        {"who": "nobody"},
        {"who": "\0"},
        {"subject": "x"},
        {"start_date": "9999-12-31"},
        {"limit": "0"},
        {"limit": "101"},
        {"page": "2"},
    ],
    ids=str,
)
def test_what_cannot_be_asked_is_refused(query, rosa, member):
    assert signed_in(rosa, member("owner")).get(PATH, **query).status_code == 400


def test_a_role_that_may_not_manage_programs_is_no_matter_here(rosa, member):
    admin = member("admin")
    Business.objects.filter(pk=rosa.pk).update(role_changes={"manage_integrations": {"admin": False}})

    assert signed_in(rosa, admin).get(PATH).status_code == 200
    assert signed_in(rosa, admin).get("/api/v1/webhooks").status_code == 403
