"""What the figures of money count, each against an example worked out by hand."""

from datetime import date

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.actors import SYSTEM
from bookings.tests.factories import at, make_member
from bookings.tests.figures import visited
from giftcards import services as giftcards
from giftcards.tests.making import make_offer
from payments import figures
from payments.models import GiftCardOrder, LedgerEntry, Payment
from payments.tests.making import book, with_fees
from payments.tests.test_api_presses import boss, press
from tenants.tests.api import NO_STATIC

__all__ = ["boss"]
pytestmark = NO_STATIC
DAY = date(2026, 3, 2)


def today(business):
    return timezone.now().astimezone(business.zone).date()


def sums(business, first, last=None, **how):
    """Per currency, only what is not nothing."""
    totals = figures.totals(figures.revenue(first, last or first, zone=business.zone, **how))
    return [{name.removesuffix("_cents"): value for name, value in total.items() if value} for total in totals]


def moved(cents, kind="capture", *, at="2026-03-02T15:00:00Z", currency="USD", **fields):
    """One movement at Stripe."""
    number = LedgerEntry.objects.count()
    return LedgerEntry.objects.create(
        kind=kind, stripe_id=f"x_{number}", amount_cents=cents, currency_code=currency, at=at, **fields
    )


def test_a_fee_a_tip_and_a_price_are_told_apart(salon, cut, ann, account, boss):
    """50.00 and a tip of 5.00 by card; a no-show's fee of 30.00, of which 10.00 go back: 75.00 are left, 20.00 a fee."""
    with_fees(salon)
    kept, missed = book(salon, cut, at(salon, "10:00"), account), book(salon, cut, at(salon, "14:00"), account)
    press(boss, kept, "complete", key="a", tip_cents=500)
    press(boss, missed, "no-show", key="b")
    press(boss, missed, "refund", key="c", refund_type="partial", amount_cents=1000)

    assert sums(salon, today(salon)) == [
        {
            "currency_code": "USD",
            "captured": 8500,
            "card": 8500,
            "refunded": 1000,
            "net": 7500,
            "application_fee": 75,
            "tip": 500,
            "fee": 2000,
        }
    ]


def test_a_late_cancellations_fee_at_the_till_is_a_fee(salon, cut, ann, account, boss):
    late = book(with_fees(salon), cut, at(salon), account)
    salon.billing.charges_enabled = False
    press(boss, late, "cancel")
    payment = Payment.objects.get(booking=late)
    Payment.objects.filter(pk=payment.pk).update(captured_at=timezone.now(), captured_cents=0, cash_cents=2000)
    LedgerEntry.objects.all().delete()

    assert sums(salon, today(salon)) == [
        {"currency_code": "USD", "captured": 2000, "cash": 2000, "net": 2000, "fee": 2000}
    ]


def test_gift_cards_sold_are_part_of_the_revenue(salon):
    """One sold for 80.00, one for 40.00 that was given back."""
    order = GiftCardOrder.objects.create(
        form_key="a", amount_cents=8000, currency_code="USD", buyer_name="Otto", buyer_email="otto@example.com"
    )
    moved(8000, order=order)
    moved(4000, order=order)
    moved(4000, "refund", order=order)

    assert sums(salon, DAY) == [
        {"currency_code": "USD", "captured": 12000, "card": 12000, "refunded": 4000, "net": 8000, "gift_sold": 8000}
    ]


def test_packages_sold_at_the_desk_are_taken_at_the_till(salon, ann, cut):
    """200.00 in cash, 180.00 at the terminal, one for nothing, and one that was a mistake: 380.00."""
    offer = make_offer(cut)
    how = {"business": salon, "package": offer, "name": "Anna", "email": "", "by": SYSTEM, "now": timezone.now()}
    how["card_id"] = None
    giftcards.sell_package(paid_by="cash", amount_cents=20_000, **how)
    giftcards.sell_package(paid_by="terminal", amount_cents=18_000, reason="A friend", **how)
    giftcards.sell_package(paid_by="free", amount_cents=0, reason="Birthday", **how)
    mistake = giftcards.sell_package(paid_by="cash", amount_cents=20_000, **how)
    giftcards.undo_sale(card=mistake, reason="Wrong one", by=SYSTEM, now=timezone.now())

    taken = {"captured": 38_000, "cash": 38_000, "net": 38_000, "gift_sold": 38_000}
    assert sums(salon, today(salon)) == [{"currency_code": "USD", **taken}]
    people = figures.revenue_of_people(today(salon), today(salon), zone=salon.zone)
    assert {key: row["net_cents"] for key, row in people.items()} == {(None, "USD"): 38_000}
    assert sums(salon, today(salon), member=ann.pk) == []


def test_a_refund_that_failed_and_a_dispute_that_was_won_are_the_salons_again(salon):
    moved(5000)
    moved(5000, "refund")
    moved(5000, "refund_failed")
    moved(5000, "dispute")
    moved(5000, "dispute_won")

    assert sums(salon, DAY) == [{"currency_code": "USD", "captured": 5000, "card": 5000, "net": 5000}]


def test_currencies_are_never_added(salon):
    moved(5000)
    moved(700, currency="JPY")
    moved(1234, currency="KWD")
    moved(1000, "refund", currency="JPY", at="2026-03-03T15:00:00Z")

    found = sums(salon, DAY, date(2026, 3, 3))

    assert [(row["currency_code"], row["net"]) for row in found] == [("JPY", -300), ("KWD", 1234), ("USD", 5000)]


@pytest.mark.parametrize(
    ("at", "day"),
    [
        ("2026-03-08T04:59:59Z", date(2026, 3, 7)),
        ("2026-03-08T05:00:00Z", date(2026, 3, 8)),
        ("2026-03-09T03:59:59Z", date(2026, 3, 8)),
        ("2026-03-09T04:00:00Z", date(2026, 3, 9)),
        ("2026-11-01T03:59:59Z", date(2026, 10, 31)),
        ("2026-11-01T04:00:00Z", date(2026, 11, 1)),
        ("2026-11-02T04:59:59Z", date(2026, 11, 1)),
        ("2026-11-02T05:00:00Z", date(2026, 11, 2)),
    ],
)
def test_days_around_a_clock_change_are_the_salons(salon, at, day):
    moved(5000, at=at)

    rows = figures.revenue(date(2026, 1, 1), date(2026, 12, 31), zone=salon.zone)

    assert [row["date"] for row in rows] == [day]
    assert [row["date"] for row in figures.revenue(day, day, zone=salon.zone)] == [day]


def test_people_and_gift_cards_add_up_to_days(salon, cut, ann):
    bob = make_member("Bob")
    for member, cents in ((ann, 5000), (bob, 700), (None, 80)):
        moved(cents, booking=member and visited(salon, cut, member, DAY))

    people = figures.revenue_of_people(DAY, DAY, zone=salon.zone)

    assert {key: row["net_cents"] for key, row in people.items()} == {
        (ann.pk, "USD"): 5000,
        (bob.pk, "USD"): 700,
        (None, "USD"): 80,
    }
    assert [row["net"] for row in sums(salon, DAY)] == [5780]
    assert [row["net"] for row in sums(salon, DAY, member=bob.pk)] == [700]


def test_money_is_read_in_four_queries(salon, cut, ann, django_assert_num_queries):
    for _ in range(3):
        moved(5000)

    for last in (DAY, date(2028, 3, 2)):
        with django_assert_num_queries(4):
            figures.revenue(DAY, last, zone=salon.zone)
        with django_assert_num_queries(4):
            figures.revenue_of_people(DAY, last, zone=salon.zone)


def test_other_salons_money_is_their_own(salon, other_salon):
    moved(5000)

    with tenant_context(other_salon):
        assert figures.revenue(DAY, DAY, zone=other_salon.zone) == []


@pytest.fixture
def limited(monkeypatch):
    """Viewers do not see money."""
    from tenants.models import Role
    from tenants.permissions import TABLE, Permission

    monkeypatch.setitem(TABLE[Permission.VIEW_MONEY], Role.VIEWER, False)


def test_figures_of_money_need_the_permission_to_see_payments(salon, cut, ann, works_here, limited):
    visited(salon, cut, ann, today(salon))
    viewer = works_here("viewer")

    assert viewer.get("/api/v1/admin/analytics/revenue").status_code == 403
    everything = viewer.get("/api/v1/admin/analytics").json()
    assert (everything["revenue"], "worth" in everything["services"][0]) == (None, False)
    assert everything["bookings"]["total"] == 1


def test_the_api_tells_everything(salon, cut, ann, works_here):
    visited(salon, cut, ann, today(salon))

    answer = works_here("viewer").get("/api/v1/admin/analytics", start_date=today(salon), end_date=today(salon)).json()

    assert sorted(answer) == ["bookings", "occupancy", "retention", "revenue", "services"]
    assert answer["occupancy"] == {
        "booked_min": 60,
        "working_min": 480,
        "rate": 0.125,
        "by_day": [{"date": str(today(salon)), "booked_min": 60, "working_min": 480, "rate": 0.125}],
    }
    assert answer["services"] == [
        {
            "service_id": str(cut.pk),
            "name": "Cut",
            "count": 1,
            "share": 1.0,
            "worth": [{"currency_code": "USD", "cents": 5000}],
        }
    ]
    assert answer["retention"]["by_month"] == [
        {"month": str(today(salon).replace(day=1)), "customers": 1, "back": 0, "rate": 0.0, "is_over": False}
    ]
