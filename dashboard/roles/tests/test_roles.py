"""The page of roles: read by who lets people in, changed by the owner, and what is changed holds at once."""

import pytest
from django_tenants.utils import tenant_context

from audit.models import AuditEntry
from tenants.models import Business
from tenants.permissions import EDITABLE, TABLE
from tenants.tests.api import NO_STATIC, cheap_passwords

__all__ = ["cheap_passwords"]
pytestmark = NO_STATIC
PATH = "/dashboard/settings/roles/"
#: Every box as it is where nothing was changed.
SUGGESTED = [f"{name}.{role}" for name, roles in EDITABLE.items() for role in roles if TABLE[name][role]]


def kept(business):
    return Business.objects.get(pk=business.pk).role_changes


@pytest.mark.parametrize(("role", "status"), [("owner", 200), ("admin", 200), ("staff", 403), ("viewer", 403)])
def test_who_lets_people_in_reads_the_table(role, status, client_for, rosa, member):
    assert client_for(rosa, member(role)).get(PATH).status_code == status


@pytest.mark.parametrize(("role", "boxes"), [("owner", 19), ("admin", 0)])
def test_only_the_owner_has_boxes(role, boxes, client_for, rosa, member):
    text = client_for(rosa, member(role)).get(PATH).text

    assert text.count('type="checkbox"') == boxes
    assert ("Only the owner of the salon can change this." in text) == (role == "admin")


def test_boxes_are_ticked_as_it_is(client_for, rosa, member):
    Business.objects.filter(pk=rosa.pk).update(role_changes={"refund": {"staff": True}})
    text = client_for(rosa, member("owner")).get(PATH).text

    assert text.count(" checked>") == len(SUGGESTED) + 1
    assert 'value="refund.staff" checked>' in text
    assert text.count("changed; suggested: no") == 1


def test_the_owner_changes_what_a_role_may(client_for, rosa, nora, member):
    client = client_for(rosa, member("owner"))

    answer = client.post(PATH, {"allowed": [*SUGGESTED, "refund.staff"]}, follow=True)

    assert "Saved. It holds at once" in answer.text
    assert (kept(rosa), kept(nora)) == ({"refund": {"staff": True}}, {})
    with tenant_context(rosa):
        assert [row.action for row in AuditEntry.objects.all()] == ["roles.changed"]


def test_a_box_that_is_not_sent_is_not_ticked(client_for, rosa, member):
    client = client_for(rosa, member("owner"))

    client.post(PATH, {"allowed": [name for name in SUGGESTED if name != "erase_customers.admin"]})

    assert kept(rosa) == {"erase_customers": {"admin": False}}


@pytest.mark.parametrize("forged", ["own.admin", "work_diary.viewer", "refund.viewer", "refund", "x.y", "refund.owner"])
def test_what_has_no_box_is_not_looked_at(forged, client_for, rosa, member):
    client_for(rosa, member("owner")).post(PATH, {"allowed": [*SUGGESTED, forged]})

    assert kept(rosa) == {}


@pytest.mark.parametrize(("role", "status"), [("admin", 403), ("staff", 403), ("viewer", 403)])
def test_nobody_else_changes_it(role, status, client_for, rosa, member):
    answer = client_for(rosa, member(role)).post(PATH, {"allowed": [*SUGGESTED, "refund.staff"]})

    assert (answer.status_code, kept(rosa)) == (status, {})


def test_the_owner_of_another_salon_finds_nothing(client_for, rosa, nora, member):
    answer = client_for(rosa, member("owner", nora)).post(PATH, {"reset": "1"})

    assert answer.status_code == 404


def test_back_to_the_defaults(client_for, rosa, member):
    Business.objects.filter(pk=rosa.pk).update(role_changes={"refund": {"staff": True}, "gone": {"staff": True}})
    client = client_for(rosa, member("owner"))
    offered = "Back to the defaults" in client.get(PATH).text

    client.post(PATH, {"reset": "1"})

    assert (offered, kept(rosa)) == (True, {})
    assert "Back to the defaults" not in client.get(PATH).text


def test_a_role_above_the_other_keeps_what_was_ticked_and_says_why(client_for, rosa, member):
    boxes = [name for name in SUGGESTED if name != "export_customers.admin"]

    answer = client_for(rosa, member("owner")).post(PATH, {"allowed": [*boxes, "export_customers.staff"]})

    assert "Nothing was saved" in answer.text
    assert "cannot be allowed for the role staff and not for the role above it" in answer.text
    assert 'value="export_customers.staff" checked>' in answer.text
    assert 'value="export_customers.admin">' in answer.text
    assert kept(rosa) == {}


def test_what_is_changed_holds_for_who_is_signed_in(client_for, rosa, member):
    owner, staff = client_for(rosa, member("owner")), client_for(rosa, member("staff"))
    before = staff.get("/dashboard/settings/").status_code

    owner.post(PATH, {"allowed": [*SUGGESTED, "arrange.staff"]})
    opened = staff.get("/dashboard/settings/").status_code
    owner.post(PATH, {"reset": "1"})

    assert (before, opened, staff.get("/dashboard/settings/").status_code) == (403, 200, 403)
