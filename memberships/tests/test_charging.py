"""A member is charged once a month, and once; every paid month is granted once."""

import random
from datetime import UTC, date, datetime

import pytest

from audit.actors import SYSTEM
from audit.models import AuditEntry
from giftcards.models import GiftCard
from memberships import services
from memberships.models import Membership, MembershipGrant, MembershipState
from memberships.tests.making import FAILS_LATER, grants
from messaging.models import Message
from payments.models import LedgerEntry
from payments.services import reconciling
from tenants.tests.api import NO_STATIC

pytestmark = [NO_STATIC, pytest.mark.django_db]
MONTH = ("capture", 4500, 45)


def state(membership):
    return Membership.objects.get(pk=membership.pk).state


def kinds():
    return list(Message.objects.order_by("created_at", "pk").values_list("kind", flat=True))


def test_joining_charges_one_month_and_grants_it(club):
    membership = club.join()

    grant = MembershipGrant.objects.get()
    entry = LedgerEntry.objects.get()
    assert membership.state == MembershipState.ACTIVE
    assert (membership.customer.display_name, membership.card_label) == ("Anna Berg", "Visa •••• 4242")
    assert club.taken() == [MONTH]
    assert (grant.paid_cents, grant.application_fee_cents, grant.ends_at) == (4500, 45, membership.period_ends_at)
    assert (grant.card.discount_percent, grant.card.usage_limit, grant.card.usage_count) == (100, 2, 0)
    assert (entry.kind, entry.amount_cents, entry.application_fee_cents) == ("capture", 4500, 45)
    assert kinds() == ["membership_paid"]


def test_agreeing_alone_charges_nothing(club):
    membership = club.agree()
    club.wait(days=2)
    club.look_after()

    assert state(membership) == MembershipState.CANCELLED
    assert (club.taken(), club.subscriptions(), GiftCard.objects.count()) == ([], [], 0)


def test_the_same_form_twice_is_one_membership_and_one_page(club):
    first, second = club.agree(form_key="one"), club.agree(form_key="one")
    pages = {
        services.open_card_page(
            membership=each, business=club.business, success_url="https://t.example/", cancel_url="https://t.example/"
        )
        for each in (first, second)
    }

    assert first == second
    assert len(pages) == 1


def test_a_card_page_looked_at_again_charges_nothing_more(club):
    membership = club.agree()
    page = club.leave_card(membership)

    for _ in range(3):
        club.accept(membership, page)

    assert (club.taken(), club.subscriptions(), len(grants(membership))) == ([MONTH], ["active"], 1)


def test_two_tabs_with_two_cards_are_one_membership(club):
    first, second = club.agree(), club.agree()
    pages = [(each, club.leave_card(each)) for each in (first, second)]
    club.accept(*pages[0])

    with pytest.raises(services.AlreadyMember):
        club.accept(*pages[1])

    assert (state(first), state(second)) == (MembershipState.ACTIVE, MembershipState.CANCELLED)
    assert (club.taken(), club.subscriptions()) == ([MONTH], ["active"])


def test_a_lost_answer_to_the_subscription_is_found_again(club, local_stripe):
    membership = club.agree()
    page = club.leave_card(membership)
    local_stripe.fault("lost_answer", "/v1/subscriptions$")

    with pytest.raises(services.PaymentsAway):
        club.accept(membership, page)
    left = state(membership)
    club.look_after()

    assert (left, state(membership)) == (MembershipState.STARTING, MembershipState.ACTIVE)
    assert (club.taken(), club.subscriptions(), len(grants(membership))) == ([MONTH], ["active"], 1)


@pytest.mark.parametrize("path", ["/v1/customers/", "/v1/checkout/sessions/", "/v1/prices", "/v1/subscriptions"])
@pytest.mark.parametrize("kind", ["lost_answer", "500", "429"])
def test_whatever_breaks_on_the_way_there_is_one_subscription(club, local_stripe, kind, path):
    membership = club.agree()
    page = club.leave_card(membership)
    local_stripe.fault(kind, path)

    with pytest.raises(services.PaymentsAway):
        club.accept(membership, page)
    club.tell()
    club.wait(hours=1)
    club.look_after()
    club.accept(membership, page)

    assert state(membership) == MembershipState.ACTIVE
    assert (club.taken(), club.subscriptions(), len(grants(membership))) == ([MONTH], ["active"], 1)


def test_a_declined_card_begins_nothing_and_another_one_does(club):
    membership = club.agree()
    page = club.leave_card(membership, FAILS_LATER)

    with pytest.raises(services.CardRefused):
        club.accept(membership, page)
    refused = state(membership), club.taken(), club.subscriptions()
    again = club.accept(membership, page).state
    club.accept(membership, club.leave_card(membership))

    assert refused == (MembershipState.PENDING, [], [])
    assert again == MembershipState.PENDING
    assert (state(membership), club.taken(), club.subscriptions()) == (MembershipState.ACTIVE, [MONTH], ["active"])


def test_whoever_closes_the_browser_is_a_member_by_the_event_alone(club, stripes_time):
    stripes_time(club)
    membership = club.agree()
    club.leave_card(membership)

    failed = club.through_the_inbox()

    assert failed == []
    assert (state(membership), club.taken(), len(grants(membership))) == (MembershipState.ACTIVE, [MONTH], 1)


@pytest.mark.parametrize("seed", range(4))
def test_events_in_any_order_twice_and_late_grant_each_month_once(club, stripes_time, seed):
    stripes_time(club)
    membership = club.agree()
    club.leave_card(membership)
    club.tell()
    for _ in range(2):
        club.wait(days=31)
        club.wait(hours=2)
    happened = club.happened() * 3
    random.Random(seed).shuffle(happened)

    club.tell(happened)

    assert [grant.paid_cents for grant in grants(membership)] == [4500, 4500, 4500]
    assert club.taken() == [MONTH] * 3
    assert LedgerEntry.objects.count() == 3
    assert kinds() == ["membership_paid"] * 3


def test_months_from_the_31st_end_with_the_shorter_month_and_come_back(club):
    club.at(datetime(2027, 1, 31, 12, tzinfo=UTC))
    membership = club.join()
    for _ in range(3):
        club.wait(days=31)
        club.read(membership)

    last_days = [grant.card.expiration_date for grant in grants(membership)]
    assert last_days == [date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30), date(2027, 5, 31)]
    assert len({grant.card.code_digest for grant in grants(membership)}) == 4
    assert club.taken() == [MONTH] * 4


def test_an_unpaid_month_grants_nothing_and_ends_when_stripe_gives_up(club):
    membership = club.join()
    _next_month_fails(club, membership)
    unpaid = state(membership), len(grants(membership))
    club.wait(days=20)
    club.read(membership)

    assert unpaid == (MembershipState.PAST_DUE, 1)
    assert (state(membership), len(grants(membership))) == (MembershipState.CANCELLED, 1)
    assert kinds() == ["membership_paid", "membership_unpaid", "membership_ended"]
    assert _open_invoices(club, membership) == []
    assert club.taken() == [MONTH]


def test_an_account_that_never_gives_up_is_given_up_by_us(club, local_stripe):
    local_stripe.control("/billing", when_exhausted="past_due")
    membership = club.join()
    _next_month_fails(club, membership)
    club.wait(days=29)
    club.look_after()
    before = state(membership)
    club.wait(days=2)
    club.look_after()

    assert (before, state(membership)) == (MembershipState.PAST_DUE, MembershipState.CANCELLED)
    assert _open_invoices(club, membership) == []


def test_another_card_pays_an_unpaid_month_at_once(club):
    membership = club.join()
    _next_month_fails(club, membership)

    club.accept(membership, club.leave_card(membership))

    assert (state(membership), len(grants(membership))) == (MembershipState.ACTIVE, 2)
    assert club.taken() == [MONTH] * 2


def test_ending_charges_nothing_more_and_leaves_what_is_paid(club):
    membership = club.join()

    for _ in range(2):
        club.do("end_at_period_end", membership)
    ending = club.fresh(membership)
    club.wait(days=32)
    club.look_after()

    card = grants(membership)[0].card
    assert (ending.state, ending.cancel_at_period_end, card.is_active) == (MembershipState.ACTIVE, True, True)
    assert state(membership) == MembershipState.CANCELLED
    assert club.taken() == [MONTH]
    assert kinds() == ["membership_paid", "membership_ending", "membership_ended"]


def test_keeping_it_after_all_charges_the_next_month(club):
    membership = club.join()
    club.do("end_at_period_end", membership)

    club.do("keep", membership)
    club.wait(days=31)
    club.wait(hours=2)
    club.look_after()

    assert (state(membership), club.taken()) == (MembershipState.ACTIVE, [MONTH] * 2)
    assert kinds() == ["membership_paid", "membership_ending", "membership_kept", "membership_paid"]


@pytest.mark.parametrize("verb", ["end_now", "end_at_period_end"])
def test_ended_while_an_invoice_is_open_nobody_can_pay_it_any_more(club, verb):
    membership = club.join()
    _next_month_fails(club, membership)

    club.do(verb, membership)
    club.wait(days=40)
    club.look_after()

    assert (state(membership), _open_invoices(club, membership)) == (MembershipState.CANCELLED, [])
    assert club.taken() == [MONTH]


def test_a_new_price_is_for_whoever_joins_from_now_on(club):
    membership = club.join()
    services.change_plan(
        plan=club.plan,
        fields={"price_cents": 6000, "included_visits": 3},
        services=list(club.plan.services.all()),
        by=SYSTEM,
        now=club.now(),
    )
    club.plan.refresh_from_db()
    club.join(email="bea@example.com", name="Bea")
    club.wait(days=31)
    club.wait(hours=2)
    club.look_after()

    assert sorted(club.taken()) == sorted([MONTH, ("capture", 6000, 60)] * 2)
    assert [grant.card.usage_limit for grant in grants(membership)] == [2, 2]


def test_a_month_given_back_takes_its_visits_back_once(club):
    membership = club.join()
    grant = grants(membership)[0]

    services.refund(grant=grant, business=club.business, by=SYSTEM, now=club.now())
    with pytest.raises(services.AlreadyRefunded):
        services.refund(grant=grant, business=club.business, by=SYSTEM, now=club.now())

    grant.refresh_from_db()
    assert club.taken() == [MONTH, ("refund", 4500, 45)]
    assert (grant.refunded_cents, grant.card.is_active, grant.taken_back_at is None) == (4500, False, False)
    assert state(membership) == MembershipState.ACTIVE
    assert kinds() == ["membership_paid", "membership_refunded"]


def test_a_month_given_back_in_stripes_own_pages_takes_its_visits_back(club):
    membership = club.join()
    grant = grants(membership)[0]
    club.account.stripe.refunds.create({"payment_intent": grant.payment_intent_id})

    club.tell()
    club.tell()

    grant.refresh_from_db()
    assert (grant.refunded_cents, grant.card.is_active) == (4500, False)
    assert [entry.kind for entry in LedgerEntry.objects.order_by("pk")] == ["capture", "refund"]


def test_the_ledger_says_what_stripe_says(club):
    membership = club.join()
    club.join(email="bea@example.com", name="Bea")
    services.refund(grant=grants(membership)[0], business=club.business, by=SYSTEM, now=club.now())

    report = reconciling.reconcile(business=club.business, now=club.now())

    assert (report.differences, report.totals) == ([], {"USD": (9000, 4500, 45)})


def test_every_state_is_in_the_trail(club):
    club.do("end_now", club.join())

    found = AuditEntry.objects.filter(subject_type="memberships.membership")
    assert sorted(entry.after.get("state", entry.action) for entry in found) == [
        "active",
        "cancelled",
        "membership.agreed",
        "membership.granted",
        "starting",
    ]


def _next_month_fails(club, membership):
    """The card on file is good for nothing when the next month falls due."""
    row = club.fresh(membership)
    method = club.account.stripe.payment_methods.attach(FAILS_LATER, {"customer": row.stripe_customer_id})
    club.account.stripe.customers.update(
        row.stripe_customer_id, {"invoice_settings": {"default_payment_method": method.id}}
    )
    club.wait(days=31)
    club.wait(hours=2)
    club.read(membership)


def _open_invoices(club, membership):
    row = club.fresh(membership)
    found = club.account.stripe.invoices.list({"subscription": row.subscription_id, "limit": 100})
    return [each.id for each in found.data if each.status == "open"]
