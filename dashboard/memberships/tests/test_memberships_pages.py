"""The team's pages of memberships: who may what, what stands there, and what a press does."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import tenant_context

from audit.models import AuditEntry
from memberships.models import Membership, MembershipPlan, MembershipState
from memberships.tests.conftest import account, ann, club, cut, local_stripe, other_club, stripe_server, stripes_time
from memberships.tests.making import grants
from payments.models import LedgerEntry
from tenants.tests.api import NO_STATIC

__all__ = ["account", "ann", "club", "cut", "local_stripe", "other_club", "stripe_server", "stripes_time"]
pytestmark = [NO_STATIC, pytest.mark.django_db]
LIST, PLANS = "/dashboard/memberships/", "/dashboard/memberships/plans/"


@pytest.fixture
def at_work(club, stripes_time, client_for, rosa, member):
    """`at_work("staff")`: a browser signed in with that role."""
    stripes_time(club)
    return lambda role="owner": client_for(rosa, member(role))


def page_of(membership, more=""):
    return f"{LIST}{membership.pk}/{more}"


def test_the_list_says_state_next_charge_and_what_is_used(club, at_work):
    club.join()

    text = at_work("viewer").get(LIST).content.decode()

    for words in ("Anna Berg", "Monthly cut, $45.00 a month", "Active", "next charge", "0 of 2 used"):
        assert words in text


def test_how_somebody_joins_is_said_where_there_is_nobody_at_all(club, at_work):
    client = at_work("admin")

    def explains(more=""):
        text = client.get(f"{LIST}{more}").content.decode()
        assert "Nobody here" in text
        return "Customers join on your booking site." in text, "Offer a membership" in text

    assert (explains(), explains("?state=cancelled")) == ((True, True), (False, False))


def test_a_longer_list_asks_no_more(club, at_work):
    client = at_work()
    club.join()
    client.get(LIST)

    def queries():
        with CaptureQueriesContext(connection) as sent:
            assert client.get(LIST).status_code == 200
        return len(sent)

    one = queries()
    for number in range(2):
        club.join(email=f"a{number}@example.com", name=f"Anna {number}")

    assert queries() == one


@pytest.mark.parametrize(
    ("path", "roles"),
    [
        (LIST, "viewer staff admin owner"),
        (PLANS, "viewer staff admin owner"),
        (f"{PLANS}add/", "admin owner"),
        ("one", "viewer staff admin owner"),
        ("end", "admin owner"),
        ("refund", "admin owner"),
    ],
)
def test_who_may_open_what(club, at_work, path, roles):
    membership = club.join()
    found = {
        "one": page_of(membership),
        "end": page_of(membership, "end/"),
        "refund": page_of(membership, f"months/{grants(membership)[0].pk}/refund/"),
    }.get(path, path)

    answers = {role: at_work(role).get(found).status_code for role in ("viewer", "staff", "admin", "owner")}

    assert answers == {role: 200 if role in roles.split() else 403 for role in answers}


def test_a_plan_is_added_changed_and_taken_off(at_work, cut):
    client = at_work("admin")
    sent = {
        "name": "Four cuts",
        "price_cents": "160.00",
        "included_visits": "4",
        "services": [str(cut.pk)],
        "is_active": "on",
    }

    client.post(f"{PLANS}add/", sent)
    plan = MembershipPlan.objects.get(name="Four cuts")
    client.post(f"{PLANS}{plan.pk}/", sent | {"price_cents": "170.00", "is_active": ""})

    plan.refresh_from_db()
    assert (plan.price_cents, plan.is_active, list(plan.services.all())) == (17000, False, [cut])
    trail = AuditEntry.objects.filter(subject_id=str(plan.pk)).order_by("at", "pk")
    assert sorted(entry.action for entry in trail) == ["membershipplan.added", "membershipplan.changed"]


@pytest.mark.parametrize(
    "wrong", [{"price_cents": "0.10"}, {"included_visits": "0"}, {"services": []}, {"name": "MONTHLY CUT"}]
)
def test_a_plan_that_cannot_be_is_refused_with_its_reason(at_work, cut, wrong):
    sent = {"name": "New", "price_cents": "45.00", "included_visits": "2", "services": [str(cut.pk)], "is_active": "on"}

    answer = at_work().post(f"{PLANS}add/", sent | wrong)

    assert answer.status_code == 422
    assert MembershipPlan.objects.count() == 1


@pytest.mark.parametrize(
    ("when", "state", "ending"), [("now", MembershipState.CANCELLED, False), ("later", MembershipState.ACTIVE, True)]
)
def test_the_salon_ends_one_now_or_with_its_month(club, at_work, when, state, ending):
    membership = club.join()
    client = at_work("admin")
    asked = client.get(page_of(membership, "end/")).content.decode()

    client.post(page_of(membership, "end/"), {"when": when})

    found = Membership.objects.get()
    assert "nothing is given back by this" in asked
    assert (found.state, found.cancel_at_period_end) == (state, ending)
    assert club.taken() == [("capture", 4500, 45)]


def test_a_month_is_given_back_once_by_a_press(club, at_work):
    membership = club.join()
    path = page_of(membership, f"months/{grants(membership)[0].pk}/refund/")
    client = at_work("admin")
    asked = client.get(path).content.decode()

    for _ in range(2):
        client.post(path)

    assert "goes back to the card" in asked
    assert "Given back" in client.get(page_of(membership)).content.decode()
    assert club.taken() == [("capture", 4500, 45), ("refund", 4500, 45)]
    entry = AuditEntry.objects.get(action="membership.refunded")
    assert entry.actor_id is not None


def test_staff_see_what_a_bank_takes_back(club, at_work, local_stripe):
    membership = club.join()
    charge = LedgerEntry.objects.get().stripe_id
    local_stripe.control("/disputes", charge=charge, reason="fraudulent")
    club.tell()
    client = at_work("admin")

    page = client.get(page_of(membership)).content.decode()

    assert "The customer’s bank has taken back $45.00 (fraudulent). The visits not booked yet are frozen." in page
    assert "Answer it in your Stripe account by " in page
    assert "Give back" not in page
    listed = client.get(LIST).content.decode()
    assert "Disputed" in listed
    assert "2 of 2 used" not in listed  # what is frozen was not used


def test_another_salons_membership_is_not_there(club, other_club, at_work):
    with tenant_context(other_club.business):
        membership = other_club.join()
        grant = grants(membership)[0]
    client = at_work()

    for more in ("", "end/", "keep/", f"months/{grant.pk}/refund/"):
        assert client.post(page_of(membership, more)).status_code in (404, 405), more
    assert client.get(f"{PLANS}{other_club.plan.pk}/").status_code == 404
    assert other_club.taken() == [("capture", 4500, 45)]
