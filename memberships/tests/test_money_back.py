"""A month's money that goes back: by a refund, by a refund the bank does not take, by the bank itself."""

import random

import pytest
from django_tenants.utils import tenant_context

from audit.actors import SYSTEM
from audit.models import AuditEntry
from bookings.tests.factories import at, make_booking
from giftcards.models import GiftCard
from giftcards.tests.making import reserve, uses
from memberships import links, services
from memberships.tests.making import grants
from messaging.models import Message, Notice
from payments.gateway import DisputeFound
from payments.models import Dispute, LedgerEntry
from payments.services import reconciling
from tenants.tests.api import NO_STATIC

pytestmark = [NO_STATIC, pytest.mark.django_db]
FAILS_IN_THE_END = "pm_card_refundFail"
PAID, TAKEN, RETURNED = ("capture", 4500), ("dispute", 4500), ("dispute_won", 4500)


@pytest.fixture
def member(club, stripes_time):
    stripes_time(club)
    return club.join()


@pytest.fixture
def month(member):
    return grants(member)[0]


@pytest.fixture
def disputed(club, month, local_stripe):
    """`disputed()`: its payer's bank takes the month back; `disputed(inquiry=True)`: it only asks."""

    def dispute(**how):
        charge = LedgerEntry.objects.get(kind="capture").stripe_id
        made = local_stripe.control("/disputes", charge=charge, reason="fraudulent", **how)
        club.tell()
        return made["id"]

    return dispute


def ledger():
    return list(LedgerEntry.objects.order_by("pk").values_list("kind", "amount_cents"))


def stands(month):
    """Whether its visits can be used, how many are left, and what the bank has."""
    month.refresh_from_db()
    card = GiftCard.objects.get(pk=month.card_id)
    return card.is_active, card.visits_left, month.disputed_cents


def test_a_disputed_month_is_written_down_and_frozen(club, month, disputed):
    disputed()
    club.tell()

    assert stands(month) == (False, 0, 4500)
    assert ledger() == [PAID, TAKEN]
    assert (month.dispute_status, month.dispute_reason, month.dispute_answer_by is None) == (
        "open",
        "fraudulent",
        False,
    )
    assert AuditEntry.objects.filter(action="membership.dispute_open").count() == 1
    assert not Dispute.objects.exists()
    assert reconciling.reconcile(business=club.business, now=club.now()).differences == []


@pytest.mark.parametrize(
    ("outcome", "left", "movements"),
    [("won", (True, 2, 0), [PAID, TAKEN, RETURNED]), ("lost", (False, 0, 4500), [PAID, TAKEN])],
)
def test_the_bank_decides_about_a_month(club, month, disputed, local_stripe, outcome, left, movements):
    local_stripe.control(f"/disputes/{disputed()}/close", status=outcome)

    club.tell()
    club.tell()

    assert (stands(month), month.dispute_status, ledger()) == (left, outcome, movements)
    assert reconciling.reconcile(business=club.business, now=club.now()).differences == []


@pytest.mark.parametrize(("outcome", "said"), [("won", "the money is yours"), ("lost", "the money went back to them")])
def test_the_team_is_told_that_the_bank_asks_and_what_it_decides(
    club, member, disputed, local_stripe, owner, outcome, said
):
    made = disputed()
    local_stripe.control(f"/disputes/{made}/close", status=outcome)
    club.tell()
    club.tell()

    found = Notice.objects.filter(event="membership_disputed").values_list("reader_id", "about_id", "version", "words")
    asked = "The bank of Anna Berg asks about a month of Monthly cut. Answer it in time, in your Stripe account."
    decided = f"The bank of Anna Berg has decided about a month of Monthly cut: {said}."
    assert set(found) == {
        (owner.pk, member.pk, f"{status}-{made}", words) for status, words in (("open", asked), (outcome, decided))
    }


def test_the_notice_of_a_dispute_leads_to_the_membership(club, member, disputed, owner, client_for):
    disputed()
    notice, browser = (
        Notice.objects.get(event="membership_disputed", reader_id=owner.pk),
        client_for(club.business, owner),
    )

    answer = browser.post(f"/dashboard/notices/{notice.pk}/open/")

    assert answer["Location"] == f"/dashboard/memberships/{member.pk}/"
    assert browser.get(answer["Location"]).status_code == 200


def test_nobody_is_told_of_what_another_salons_bank_does(club, other_club, month, disputed, owner):
    disputed()

    with tenant_context(other_club.business):
        assert not Notice.objects.exists()


def test_a_question_of_the_bank_freezes_nothing(club, month, disputed):
    disputed(inquiry=True)

    assert (stands(month), month.dispute_status, ledger()) == ((True, 2, 0), "open", [PAID])


@pytest.mark.parametrize("seed", range(3))
def test_events_of_a_dispute_in_any_order_come_to_the_same(club, month, disputed, local_stripe, seed):
    local_stripe.control(f"/disputes/{disputed()}/close", status="won")
    happened = club.happened() * 2
    random.Random(seed).shuffle(happened)

    club.tell(happened)

    assert (stands(month), month.dispute_status, ledger()) == ((True, 2, 0), "won", [PAID, TAKEN, RETURNED])


def found_at_stripe(charge, status, *, number):
    """A dispute as Stripe tells it: `number` says which was opened first. Half of the month each."""
    taken, back = not status.startswith("warning"), status == "won"
    named = {"id": f"du_{number}", "reason": "fraudulent", "charge_id": charge, "payment_intent_id": "pi"}
    when = {"created": 1_800_000_000 + number, "evidence_due": 1_800_900_000}
    return DisputeFound(
        status=status, amount_cents=2250, currency="USD", withdrawn=taken, reinstated=back, **named, **when
    )


@pytest.mark.parametrize("newest_first", [True, False])
@pytest.mark.parametrize(
    ("first", "second", "counts"),
    [
        ("needs_response", "won", ("du_1", "open", 2250)),
        ("won", "needs_response", ("du_2", "open", 2250)),
        ("lost", "won", ("du_1", "lost", 2250)),
        ("under_review", "lost", ("du_1", "under_review", 4500)),
        ("needs_response", "warning_needs_response", ("du_2", "open", 2250)),
        ("won", "won", ("du_2", "won", 0)),
    ],
)
def test_of_two_disputes_of_a_month_one_counts_whatever_order_they_come_in(
    club, month, owner, monkeypatch, first, second, counts, newest_first
):
    found = [found_at_stripe("ch", status, number=number) for number, status in ((1, first), (2, second))]
    monkeypatch.setattr("payments.gateway.list_disputes", lambda **_: found[:: -1 if newest_first else 1])

    for _ in range(3):
        services.refresh_disputes(grant=month, business=club.business, now=club.now())

    month.refresh_from_db()
    said = AuditEntry.objects.filter(action__startswith="membership.dispute_")
    assert (month.dispute_id, month.dispute_status, month.disputed_cents) == counts
    assert sorted(said.values_list("action", flat=True)) == sorted(
        f"membership.dispute_{status}" for status in month.disputes.values()
    )
    told = Notice.objects.filter(reader_id=owner.pk, event="membership_disputed")
    assert {notice.version for notice in told} == {
        f"{status}-{made}" for made, status in month.disputes.items() if status != "under_review"
    }


def test_a_booked_visit_stays_booked_and_a_won_dispute_gives_the_other_back(
    club, ann, cut, month, disputed, local_stripe
):
    booking = make_booking(club.business, cut, at(club.business))
    reserve(club.business, booking, month.card)
    made = disputed()
    frozen = stands(month)

    local_stripe.control(f"/disputes/{made}/close", status="won")
    club.tell()

    assert (frozen, stands(month)) == ((False, 0, 4500), (True, 1, 0))
    assert uses(month.card) == 1


def test_what_the_bank_has_is_not_given_back_by_a_press(club, month, disputed):
    disputed()

    with pytest.raises(services.NotPossible, match="bank has taken"):
        services.refund(grant=month, business=club.business, by=SYSTEM, now=club.now())

    assert ledger() == [PAID, TAKEN]


def test_a_dispute_heard_of_before_its_month_is_found_with_it(club, stripes_time, local_stripe):
    stripes_time(club)
    membership = club.agree()
    club.leave_card(membership, "pm_card_createDispute")

    disputes_first = sorted(club.happened(), key=lambda event: not event["type"].startswith("charge.dispute"))
    club.tell(disputes_first)
    club.tell()

    month = grants(membership)[0]
    assert (stands(month), ledger()) == ((False, 0, 4500), [PAID, TAKEN])


def test_another_salons_dispute_is_not_ours(club, other_club, month, local_stripe):
    with tenant_context(other_club.business):
        other_club.join()
        charge = LedgerEntry.objects.get().stripe_id
        local_stripe.control("/disputes", charge=charge, reason="fraudulent")
        other_club.tell()
        theirs = ledger()

    assert theirs == [PAID, TAKEN]
    assert (stands(month), ledger()) == ((True, 2, 0), [PAID])


def test_a_refund_the_bank_does_not_take_leaves_the_month_as_it_was(club, stripes_time, local_stripe):
    stripes_time(club)
    month = grants(club.join("pm_card_pendingRefund"))[0]
    services.refund(grant=month, business=club.business, by=SYSTEM, now=club.now())
    given_back = stands(month)
    refund_id = LedgerEntry.objects.get(kind="refund").stripe_id
    local_stripe.control(f"/refunds/{refund_id}/settle", status="failed")

    club.tell()
    club.tell()

    assert (given_back, stands(month)) == ((False, 0, 0), (True, 2, 0))
    assert (month.refunded_cents, month.taken_back_at) == (0, None)
    assert [kind for kind, _ in ledger()] == ["capture", "refund", "refund_failed"]
    assert AuditEntry.objects.filter(action="membership.refund_failed").count() == 1
    kinds = ["membership_paid", "membership_refund_failed", "membership_refunded"]
    assert sorted(Message.objects.values_list("kind", flat=True)) == kinds
    assert reconciling.reconcile(business=club.business, now=club.now()).differences == []


def test_a_month_whose_refund_failed_is_given_back_by_another_press(club, stripes_time, local_stripe):
    stripes_time(club)
    month = grants(club.join("pm_card_pendingRefund"))[0]
    asked = {"grant": month, "business": club.business, "by": SYSTEM}
    services.refund(**asked, now=club.now())
    local_stripe.control(f"/refunds/{LedgerEntry.objects.get(kind='refund').stripe_id}/settle", status="failed")
    club.tell()
    club.wait(hours=1)

    services.refund(**asked, now=club.now())

    assert stands(month) == (False, 0, 0)
    assert month.refunded_cents == 4500
    assert Message.objects.filter(kind="membership_refunded").count() == 2


def test_its_customer_reads_why_the_visits_are_frozen(club, member, disputed, salon_client):
    disputed()

    page = salon_client.get(f"/m/{links.token_of(member)}/").text

    assert "Your bank has taken back what this month cost." in page
    assert "Book with this membership" not in page
