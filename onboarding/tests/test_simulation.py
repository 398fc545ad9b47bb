"""Weeks of a salon's life through the real services: nothing overlaps, and every minute and every cent is explained."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Sum
from django_tenants.utils import tenant_context

from audit.models import AuditEntry
from bookings.models import Booking, Occupancy, Status, TimeBlock
from bookings.tests import factories
from messaging.models import Message
from onboarding.simulation import acting, judging, life, salon
from payments.models import LedgerEntry, Payment
from tenants.models import Business, ConnectStatus, TenantBilling

NOW = datetime(2027, 1, 4, 15, tzinfo=UTC)
#: Weeks of which the Sunday in the middle has 23 or 25 hours, and that Sunday.
CHANGES = [
    ("America/New_York", date(2027, 3, 8), date(2027, 3, 14)),
    ("America/New_York", date(2027, 11, 1), date(2027, 11, 7)),
    ("Europe/Paris", date(2027, 3, 22), date(2027, 3, 28)),
    ("Europe/Paris", date(2027, 10, 25), date(2027, 10, 31)),
]


def opened(slug="sima", people=2, zone="America/New_York"):
    made = salon.open_salon(slug=slug, people=people, now=NOW, zone=zone)
    connection.set_schema_to_public()
    return Business.objects.select_related("billing").get(pk=made.pk)


def lived(business, *, first=date(2027, 3, 8), days=7, seed="3", demand=2.5, **how):
    shape = acting.shape_of(
        business=business, seed=seed, first=first, last=first + timedelta(days=days - 1), demand=demand
    )
    return acting.live(business=business, shape=shape, **how)


def diary():
    rows = Booking.objects.order_by("start_at", "team_member__sort_order", "contact_email", "status")
    return [
        (
            row.start_at,
            row.end_at,
            row.team_member.name,
            row.service_name,
            row.contact_email,
            row.status,
            row.price_cents,
        )
        for row in rows.select_related("team_member")
    ]


@pytest.mark.django_db
@pytest.mark.slow
@pytest.mark.parametrize(("zone", "first", "sunday"), CHANGES, ids=["spring", "autumn", "printemps", "automne"])
def test_a_life_over_a_clock_change_is_explained_to_the_minute_and_the_cent(zone, first, sunday, rosa, nora):
    business = opened(zone=zone)

    with tenant_context(business):
        counts = lived(business, first=first)

        assert judging.faults(business=business, now=NOW) == []
        assert counts["completed"] > 10
        assert Booking.objects.filter(status__in=(Status.HOLD, Status.PENDING, Status.CONFIRMED)).count() == 0
        night = life.wall(sunday, 0, business.zone), life.wall(sunday, 5 * 60, business.zone)
        assert night[1] - night[0] in (timedelta(hours=4), timedelta(hours=6))
        assert Occupancy.objects.filter(starts_at__lt=night[1], ends_at__gt=night[0]).exists()
    for other in (rosa, nora):
        with tenant_context(other):
            assert (Booking.objects.count(), Message.objects.count(), AuditEntry.objects.count()) == (0, 0, 0)


@pytest.mark.django_db
@pytest.mark.slow
def test_the_same_seed_gives_the_same_diary():
    found = []
    for seed in ("3", "3", "4"):
        with transaction.atomic():
            business = opened()
            with tenant_context(business):
                lived(business, seed=seed, days=3, quiet=True)
                found.append(diary())
            connection.set_schema_to_public()
            transaction.set_rollback(True)

    assert found[0] == found[1]
    assert found[0] != found[2]
    assert len(found[0]) > 5


@pytest.mark.django_db
def test_a_quiet_life_writes_to_nobody_and_ends_today():
    business = opened()

    with tenant_context(business):
        today = datetime(2027, 3, 10, 16, tzinfo=UTC)
        lived(business, until=today, quiet=True)

        assert Message.objects.count() == 0
        assert set(Booking.objects.values_list("source", flat=True)) == {"demo"}
        assert not Booking.objects.filter(end_at__lt=today - timedelta(hours=1), status=Status.CONFIRMED).exists()
        coming = Booking.objects.filter(start_at__gt=today)
        assert set(coming.values_list("status", flat=True)) <= {Status.CONFIRMED, Status.CANCELED, Status.CHECKED_IN}
        assert coming.filter(status=Status.CONFIRMED).exists()


@pytest.mark.django_db
def test_prices_rise_for_who_books_afterwards_alone():
    business = opened()

    with tenant_context(business):
        lived(business)

        risen = life.wall(date(2027, 3, 11), 7 * 60, business.zone)
        cuts = Booking.objects.filter(service_snapshot__name="Short cut", items__position=0)
        agreed = {(entry.at > risen, booking.price_cents) for booking, entry in _with_entry(cuts, "booking.pending")}
        assert agreed == {(False, 4500), (True, 4850)}


def _with_entry(bookings, action):
    for booking in bookings:
        if booking.items.count() == 1:
            yield booking, AuditEntry.objects.get(subject_id=str(booking.pk), action=action)


@pytest.mark.django_db
def test_who_is_ill_sees_nobody_and_who_was_to_come_is_found_another_time(monkeypatch):
    monkeypatch.setattr(life, "ILL", 300)
    business = opened(people=3)

    with tenant_context(business):
        counts = lived(business, days=4, demand=5.0)

        assert counts["sick days"] == TimeBlock.objects.count() > 0
        assert counts["stranded, another person"] + counts["stranded, another time"] > 0
        assert judging.faults(business=business, now=NOW) == []


# Cards -------------------------------------------------------------------------------------------


@pytest.fixture
def connected(db, local_stripe):
    """A salon whose account is at the local Stripe, with the connection in its schema."""
    made = opened()
    account = local_stripe.new_account()
    TenantBilling.objects.filter(business=made).update(
        stripe_account_id=account.id, charges_enabled=True, connect_status=ConnectStatus.ACTIVE
    )
    made.billing.refresh_from_db()
    with tenant_context(made):
        yield made, account


def test_cards_are_charged_once_each_and_the_ledger_is_stripes(connected):
    business, account = connected

    lived(business, days=3)

    taken = [row for row in account.rows() if row["kind"] == "capture"]
    assert len(taken) > 5
    assert len({row["metadata"]["booking_id"] for row in taken}) == len(taken)
    assert LedgerEntry.objects.aggregate(Sum("amount_cents")) == {
        "amount_cents__sum": sum(row["amount"] for row in taken)
    }
    assert judging.faults(business=business, now=NOW, at_stripe=True) == []


# The judge ---------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_judge_sees_what_is_wrong():
    business = opened()
    with tenant_context(business):
        lived(business, days=3)
        assert judging.faults(business=business, now=NOW) == []
        closed = Booking.objects.filter(status=Status.COMPLETED, items__occupancy__isnull=False).distinct()
        free, elsewhere, over, dear = closed.order_by("start_at", "pk")[:4]

        Occupancy.objects.filter(item__booking=free).delete()
        Occupancy.objects.filter(item__booking=elsewhere).update(ends_at=elsewhere.end_at + timedelta(minutes=16))
        Booking.objects.filter(pk=over.pk).update(status=Status.FAILED)
        Payment.objects.filter(booking=dear).update(amount_cents=dear.price_cents + 1)
        faults = set(judging.faults(business=business, now=NOW))

    assert {
        f"{free.ref} is not kept free.",
        f"{elsewhere.ref} keeps time outside itself.",
        f"{over.ref} is failed, and its time is kept.",
        f"{over.ref} is paid before it is over.",
        f"{dear.ref} was agreed at {dear.price_cents} and closed at {dear.price_cents + 1}.",
    } <= faults


@pytest.mark.django_db
def test_the_judge_knows_that_two_services_keep_their_chair_in_one_piece(rosa):
    with tenant_context(rosa):
        services = [factories.make_service(name, buffer_after_min=15) for name in ("Balayage", "Roots")]
        factories.make_member(performs=services)
        factories.make_resource(needed_by=services)
        booking = factories.make_booking(rosa, factories.visit(*services), factories.at(rosa))
        [chair] = Occupancy.objects.filter(item__booking=booking, team_member=None)
        last = booking.items.get(position=1)

        assert (chair.item.position, chair.ends_at) == (0, last.end_at + timedelta(minutes=15))
        assert [each for each in judging.faults(business=rosa, now=NOW) if booking.ref in each] == []

        Occupancy.objects.filter(pk=chair.pk).update(ends_at=chair.ends_at + timedelta(minutes=1))
        assert f"{booking.ref} keeps time outside itself." in judging.faults(business=rosa, now=NOW)


# The command -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_command_opens_a_salon_and_says_what_happened(capsys):
    call_command("simulate_salon", "simb", people=1, demand=0.5, cash=True, start=date(2026, 3, 2))

    out = capsys.readouterr().out
    assert "  completed\n" in out
    assert "Salon simb lived from 2026-03-02 to 2026-03-29" in out


@pytest.mark.parametrize(
    ("options", "sentence"), [({"people": 0}, "people"), ({"months": 25}, "months")], ids=["nobody", "for ever"]
)
def test_the_command_refuses_odd_numbers(options, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command("simulate_salon", "simb", **options)


def test_the_command_is_refused_in_production(settings):
    settings.LOCAL = settings.TESTING = False

    with pytest.raises(CommandError, match="developer's machine"):
        call_command("simulate_salon", "simb")


@pytest.mark.django_db(transaction=True)
def test_a_life_does_not_wait_for_the_disk_and_whoever_comes_after_it_does():
    def set_by():
        with connection.cursor() as cursor:
            cursor.execute("SELECT setting, source FROM pg_settings WHERE name = 'synchronous_commit'")
            return cursor.fetchone()

    def breaks_off():
        with acting.not_waiting_for_the_disk():
            during.append(set_by())
            raise RuntimeError

    during, before = [], set_by()
    with pytest.raises(RuntimeError):
        breaks_off()

    assert (during, set_by()) == ([("off", "session")], before)
