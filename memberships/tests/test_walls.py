"""Two salons: neither reads, charges or grants anything of the other's. And customers who become one, or are forgotten."""

import pytest
from django_tenants.utils import tenant_context

from audit.actors import SYSTEM
from audit.models import AuditEntry
from bookings.models import Customer
from bookings.services import customers
from memberships import links, services
from memberships.models import Membership, MembershipGrant, MembershipState
from memberships.tests.making import grants
from messaging.models import Message
from payments.services import events
from tenants.tests.api import NO_STATIC

pytestmark = [NO_STATIC, pytest.mark.django_db]


def test_two_salons_charge_on_their_own_accounts(club, other_club):
    club.join()
    with tenant_context(other_club.business):
        other_club.join()
        other_club.tell()
        theirs = list(MembershipGrant.objects.values_list("paid_cents", flat=True))

    assert (club.taken(), other_club.taken()) == ([("capture", 4500, 45)], [("capture", 4500, 45)])
    assert (len(theirs), MembershipGrant.objects.count()) == (1, 1)


def test_events_of_one_account_move_nothing_in_another_salon(club, other_club):
    """Nora's account cannot speak of Rosa's members, whatever ids its events name."""
    membership = club.join()
    club.account.stripe.subscriptions.cancel(membership.subscription_id)

    with tenant_context(other_club.business):
        for event in club.happened():
            events.handle(business=other_club.business, kind=event["type"], data=event["data"]["object"])
        theirs = Membership.objects.count()

    assert theirs == 0
    assert club.fresh(membership).state == MembershipState.ACTIVE


def test_a_link_of_one_salon_is_noise_in_another(club, other_club, salon_client, other_client):
    path = f"/m/{links.token_of(club.join())}/"

    assert (salon_client.get(path).status_code, other_client.get(path).status_code) == (200, 404)


def test_customers_who_turn_out_to_be_one_keep_their_memberships(club):
    membership = club.join(email="old@example.com")
    kept = Customer.objects.create(display_name="Anna Berg", email="anna@example.com")

    customers.merge_customers(customer=kept, other=membership.customer, by=SYSTEM, now=club.now())

    assert club.fresh(membership).customer == kept


def test_nobody_is_forgotten_while_a_membership_charges_them(club):
    membership = club.join()

    with pytest.raises(customers.StillNeeded):
        customers.erase_customer(customer=membership.customer, by=SYSTEM, now=club.now())

    assert club.fresh(membership).email == "anna@example.com"


def test_a_forgotten_members_rows_say_no_more_who_it_was(club):
    membership = club.join(email="quark@example.com", name="Quirin Quark")
    club.agree(email="quark@example.com", name="Quirin Quark")
    club.do("end_now", membership)

    customers.erase_customer(customer=membership.customer, by=SYSTEM, now=club.now())

    said = [
        *Membership.objects.values_list("name", "email", "consent_address"),
        *Message.objects.values_list("recipient", "text"),
        *AuditEntry.objects.values_list("actor_label", "subject_label"),
    ]
    assert [each for each in said if "uark" in str(each)] == []
    assert list(Membership.objects.values_list("state", flat=True)) == ["cancelled", "cancelled"]
    assert grants(membership)[0].paid_cents == 4500


def test_an_address_somebody_had_before_is_still_theirs(club):
    known = Customer.objects.create(display_name="Anna", email="ANNA@example.com")

    assert club.join().customer == known
    assert Customer.objects.count() == 1


def test_a_salon_that_is_closed_for_good_charges_its_members_no_more(club):
    membership = club.join()
    club.business.status = "canceled"
    club.wait(days=2)

    club.look_after()

    assert club.fresh(membership).cancel_at_period_end
    services.look_after(business=club.business, now=club.now())
