"""The bell, the list behind it, and what somebody wants to be told."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.models import AuditEntry
from dashboard.tests.pages import url
from messaging.models import Notice, NoticeSettings
from messaging.notices import queries
from messaging.notices.services import tell
from tenants.models import Business, Role
from tenants.tests.api import NO_STATIC

pytestmark = NO_STATIC
ROLES = (Role.OWNER, Role.ADMIN, Role.STAFF, Role.VIEWER)
QUERIES = 7


@pytest.fixture
def desk(salon, client_for, member):
    return lambda role="staff", business=salon: client_for(salon, member(role, business))


def told(words="Anna Berg has booked Cut.", event="visit_booked", **changes):
    tell(**{"event": event, "about_id": uuid4(), "words": words, "now": timezone.now()} | changes)


def listed(client, **asked):
    return [row["words"] for row in client.get(url("notices", **asked)).context["rows"]]


def unread(client):
    return client.get(url("notices")).context["unread"]


def mine(client):
    return Notice.objects.get(reader_id=client.session["_auth_user_id"])


# The list ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_every_role_reads_its_own_and_what_it_may_see(role, desk):
    client = desk(role)
    told()
    told("A payment stopped.", "payment_stopped")

    expected = ["A payment stopped."] if role != Role.VIEWER else []
    assert listed(client) == [*expected, "Anna Berg has booked Cut."]
    assert unread(client) == len(expected) + 1
    assert f">{len(expected) + 1}</span>" in client.get(url("bell")).text


def test_nobody_reads_or_marks_anothers(desk, owner):
    client, other = desk("staff"), desk("admin")
    told()
    theirs = mine(other)

    answers = [client.post(url(name, theirs.pk)) for name in ("notice-open", "notice-mark")]

    assert [answer.status_code for answer in answers] == [404, 404]
    theirs.refresh_from_db()
    assert theirs.read_at is None


def test_another_salons_people_and_notices_stay_apart(desk, other_salon):
    client, stranger = desk(), desk("admin", other_salon)
    with tenant_context(other_salon):
        told()
        theirs = Notice.objects.first()

    assert listed(client) == []
    assert client.post(url("notice-open", theirs.pk)).status_code == 404
    names = ("notices", "bell", "notice-settings")
    assert [stranger.get(url(name)).status_code for name in names] == [404, 404, 404]


def test_opening_one_reads_it_and_leads_to_what_it_is_about(desk):
    client, about = desk(), uuid4()
    told(about_id=about)

    answer = client.post(url("notice-open", mine(client).pk))

    assert answer["Location"] == url("visit", about)
    assert (unread(client), listed(client, unread=1)) == (0, [])


def test_one_is_marked_and_taken_back_and_all_are_marked(desk, owner):
    client = desk()
    told("First.")
    one = mine(client)
    told("Second.", now=timezone.now() + timedelta(seconds=1))

    client.post(url("notice-mark", one.pk))
    assert listed(client, unread=1) == ["Second."]
    client.post(url("notice-mark", one.pk), {"unread": "1"})
    assert listed(client, unread=1) == ["Second.", "First."]
    client.post(url("notices-read"))

    assert (unread(client), len(listed(client))) == (0, 2)
    assert Notice.objects.filter(reader_id=owner.pk, read_at=None).count() == 2


def test_what_a_role_may_not_see_any_more_is_gone_from_the_list(salon, desk):
    client = desk()
    told("Nothing was charged.", "payment_stopped")
    Business.objects.filter(pk=salon.pk).update(role_changes={"close_visits": {"staff": False}})

    assert (listed(client), unread(client)) == ([], 0)


def test_what_is_meant_for_an_e_mail_alone_is_not_listed(desk):
    client = desk()
    told()
    Notice.objects.update(is_shown=False)

    assert (listed(client), unread(client)) == ([], 0)


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_for_one_and_three(number, desk, django_assert_num_queries):
    client = desk()
    for index in range(number):
        told(f"Notice {index}.")
    client.get(url("notices"))

    with django_assert_num_queries(QUERIES):
        client.get(url("notices"))


def test_pages_without_a_socket_hear_of_it(desk):
    client, before = desk(), timezone.now() - timedelta(seconds=30)
    told(about_id=(about := uuid4()))

    answer = client.get("/dashboard/live/since", {"after": before.isoformat()})

    change = {"kind": "notice", "id": str(about), "what": "notice.visit_booked", "dates": []}
    assert answer.json()["changes"] == [change]


# Settings ------------------------------------------------------------------------------------------


def sent(answer, **typed):
    shown = {bound.html_name: bound.value() for bound in answer.context["form"]}
    return {name: str(value) for name, value in shown.items() if value} | typed


@pytest.mark.parametrize("role", ROLES)
def test_every_role_chooses_for_itself_of_what_concerns_it(role, desk):
    client = desk(role)
    page = client.get(url("notice-settings"))

    client.post(url("notice-settings"), sent(page, mail_visit_booked="digest"))

    row = NoticeSettings.objects.get()
    assert str(row.reader_id) == client.session["_auth_user_id"]
    assert row.rules["visit_booked"] == {"shown": True, "mail": "digest"}
    assert ("payment_stopped" in row.rules) == (role != Role.VIEWER)
    assert AuditEntry.objects.get(action="notices.changed").actor_label == f"{role}@rosa.example"


def test_back_to_what_the_salon_has_chosen(desk):
    client = desk()
    client.post(url("notice-settings"), sent(client.get(url("notice-settings")), mail_visit_moved="now"))

    client.post(url("notice-settings"), {"reset": "1"})

    assert NoticeSettings.objects.count() == 0
    assert client.get(url("notice-settings")).context["has_chosen"] is False


def test_a_choice_there_is_not_changes_nothing(desk):
    client = desk()

    answer = client.post(url("notice-settings"), {"mail_visit_booked": "hourly"})

    assert (answer.status_code, NoticeSettings.objects.count()) == (200, 0)
    assert answer.context["form"].errors


@pytest.mark.parametrize(("role", "status"), list(zip(ROLES, (200, 403, 403, 403), strict=True)))
def test_only_the_owner_says_it_for_the_salon(role, status, desk):
    client = desk(role)

    answers = [client.get(url("notice-defaults")), client.post(url("notice-defaults"), {})]

    assert [answer.status_code for answer in answers] == [status, status]
    assert NoticeSettings.objects.count() == 0  # nothing typed, no time: refused even of the owner


def test_the_owner_sets_defaults_the_copy_and_the_morning(salon, desk):
    client = desk("owner")
    page = client.get(url("notice-defaults"))

    typed = {"mail_visit_canceled": "now", "digest_at": "07:15", "copy_to": "desk@rosa.example"}
    client.post(url("notice-defaults"), sent(page, **typed))

    wishes = queries.wishes()
    assert wishes.salon.rules["visit_canceled"] == {"shown": True, "mail": "now"}
    assert (str(wishes.digest_at), queries.copy_address(salon)) == ("07:15:00", "desk@rosa.example")
