"""What a salon's owner sees of support, and the end of it from either side."""

import pytest
from django.utils import timezone

from operators import services
from operators.models import OperatorEntry
from operators.tests.conftest import REASON
from tenants.tests.api import NO_STATIC

pytestmark = NO_STATIC


def path(business, *more):
    return "/".join([f"/businesses/{business.pk}/support", *map(str, more), ""])


@pytest.mark.parametrize(("role", "status"), [("viewer", 404), ("staff", 404), ("admin", 200), ("owner", 200)])
def test_owners_and_admins_see_it(rosa, client_for, member, role, status):
    assert client_for(None, member(role)).get(path(rosa)).status_code == status


@pytest.mark.parametrize(("role", "leads"), [("viewer", False), ("admin", True)])
def test_their_list_of_salons_leads_there(rosa, client_for, member, role, leads):
    """Owners find it on the page about their salon."""
    assert (path(rosa) in client_for(None, member(role)).get("/businesses/").text) == leads


def test_the_page_about_the_salon_says_who_looks_in(rosa, client_for, owner, operator, let_in):
    client = client_for(None, owner)
    said = [
        "Nobody of Tithi has looked in",
        "Olga of Tithi can look into your salon now",
        "Olga of Tithi looked in last",
    ]

    texts = [client.get(f"/businesses/{rosa.pk}/").text]
    access = let_in()
    texts.append(client.get(f"/businesses/{rosa.pk}/").text)
    services.end_access(access=access, by=operator, address=None, now=timezone.now())
    texts.append(client.get(f"/businesses/{rosa.pk}/").text)

    assert [[words in text for words in said].index(True) for text in texts] == [0, 1, 2]


def test_other_salons_people_and_support_itself_do_not(rosa, nora, client_for, member, operator, let_in):
    access = let_in(role="admin")
    for user in (member("owner", nora), operator):
        client = client_for(None, user)
        assert client.get(path(rosa)).status_code == 404
        assert client.post(path(rosa, access.pk, "end")).status_code == 404

    access.refresh_from_db()
    assert access.closed_at is None


def test_it_says_who_why_and_what_was_looked_at(rosa, nora, client_for, owner, operator, let_in):
    let_in()
    let_in(business=nora, reason="Something about another salon")
    client_for(rosa, operator).get("/admin/bookings/service/", {"q": "secret"})

    text = client_for(None, owner).get(path(rosa)).text

    assert [words in text for words in ("Olga", REASON, "/admin/bookings/service/", "End now")] == [True] * 4
    assert [words in text for words in ("secret", "another salon")] == [False] * 2


def test_an_owner_ends_it_and_the_next_request_is_refused(rosa, client_for, owner, operator, let_in):
    access, support = let_in(), client_for(rosa, operator)
    assert support.get("/admin/").status_code == 200

    client = client_for(None, owner)
    client.post(path(rosa, access.pk, "end"))
    again = client.post(path(rosa, access.pk, "end"), follow=True)

    assert support.get("/admin/").status_code == 404
    assert "already ended" in again.text
    assert not OperatorEntry.objects.filter(action="support.closed").exists()


def test_the_access_of_another_salon_is_not_ended_here(rosa, nora, client_for, owner, let_in):
    access = let_in(business=nora)

    assert client_for(None, owner).post(path(rosa, access.pk, "end")).status_code == 404

    access.refresh_from_db()
    assert access.closed_at is None


def test_every_admin_page_says_that_it_is_support_and_ends_it(rosa, client_for, operator, let_in):
    let_in()
    client = client_for(rosa, operator)
    for page in ("", "bookings/booking/", "bookings/service/", "policies/", "tenants/business/", "payments/payment/"):
        assert "as Tithi support until" in client.get(f"/admin/{page}").text

    ended = client.post("/admin/support/end/")

    assert ended["Location"] == "/"
    assert client.get("/admin/").status_code == 404
    assert OperatorEntry.objects.filter(action="support.closed", operator=operator).count() == 1


def test_members_have_no_such_banner_and_no_such_button(rosa, client_for, member):
    client = client_for(rosa, member("owner"))

    assert "Tithi support" not in client.get("/admin/").text
    assert client.post("/admin/support/end/").status_code == 404


def test_an_access_that_ended_by_itself_is_history(rosa, client_for, owner, operator, let_in):
    access = let_in()
    services.end_access(access=access, by=operator, address=None, now=timezone.now())

    text = client_for(None, owner).get(path(rosa)).text

    assert ("Ended" in text, "End now" in text) == (True, False)
