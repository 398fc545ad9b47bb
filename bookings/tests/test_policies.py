"""Policies: what contradicts itself is refused, what is probably not meant is said, what changes is in the trail."""

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit import actors
from audit.models import AuditEntry
from bookings import queries
from bookings.services.policies import PoliciesContradict, change_policies
from bookings.services.profile import CurrencyInUse, change_profile
from bookings.services.settings import RulesContradict, change_settings
from bookings.settings_rules import PRESETS, policy_conflicts, policy_warnings
from bookings.tests.factories import at, make_booking, make_member, make_service
from bookings.tests.test_terms import policy
from tenants import hosts
from tenants.models import Business


def asks(**changes):
    more = {"require_card": True, "sell_gift_cards": False, "horizon_days": 60}
    return policy(**more | changes)


def half(**changes):
    return asks(cancellation_fee_type="percent", cancellation_fee_percent=50, **changes)


def fixed(cents, **changes):
    return asks(
        cancellation_fee_type="fixed",
        cancellation_fee_cents=cents,
        no_show_fee_type="fixed",
        no_show_fee_cents=cents,
        deposit_type="fixed",
        deposit_cents=cents,
        **changes,
    )


# What they say of themselves -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "conflicts"),
    [
        ({}, {}),
        ({"cancellation_window_hours": 0}, {}),
        (
            {"cancellation_fee_percent": 101},
            {"cancellation_fee_percent": "A share of the price is at most 100 percent."},
        ),
        ({"deposit_percent": 101}, {"deposit_percent": "A share of the price is at most 100 percent."}),
        (
            {"no_show_fee_type": "fixed"},
            {"no_show_fee_cents": "Write how much the fee for not coming is, or choose that there is none."},
        ),
        (
            {"deposit_type": "percent"},
            {"deposit_percent": "Write which share of the price the deposit is, or choose that there is none."},
        ),
        (
            {"cancellation_fee_type": "percent", "cancellation_fee_percent": 50, "cancellation_window_hours": 0},
            {
                "cancellation_window_hours": "With 0 hours everybody cancels free of charge until the visit starts, so the "
                "fee would never be due. Write how many hours before the start free cancelling ends, or choose “No fee”."
            },
        ),
    ],
)
def test_what_contradicts_itself_is_named_with_its_field(changes, conflicts):
    assert policy_conflicts(asks(**changes)) == conflicts


@pytest.mark.parametrize(
    ("told", "about", "sentences"),
    [
        (half(no_show_fee_type="percent", no_show_fee_percent=100), {}, []),
        (
            fixed(9001),
            {},
            [
                "The fee for cancelling late is more than your dearest service costs. Nobody pays more than the price.",
                "The fee for not coming is more than your dearest service costs. Nobody pays more than the price.",
                "The deposit is more than your dearest service costs. Nobody pays more than the price.",
            ],
        ),
        (fixed(9000), {}, []),
        (fixed(9001), {"prices": []}, []),
        (half(), {}, ["Not coming costs less than cancelling late, so there is no reason to tell you."]),
        (
            half(cancellation_window_hours=48, horizon_days=1, no_show_fee_type="percent", no_show_fee_percent=50),
            {},
            [
                "Free cancelling ends 2 days before a visit, and visits are booked at most 1 day ahead: cancelling "
                "always costs."
            ],
        ),
        (
            asks(no_show_fee_type="percent", no_show_fee_percent=50, require_card=False),
            {},
            ["Not every customer is asked for a card, so some fees can only be noted, not charged."],
        ),
        (
            asks(deposit_type="percent", deposit_percent=20, hold_near_visits=True, sell_gift_cards=True),
            {"charges_enabled": False},
            [
                "Your Stripe account takes no charges yet. Until it does, no card and so no deposit is asked for.",
                "Your Stripe account takes no charges yet. Until it does, nothing is held on cards.",
                "Your Stripe account takes no charges yet. Until it does, customers cannot buy gift cards online.",
            ],
        ),
        (
            asks(),
            {"charges_enabled": False, "deposits_of_services": True},
            ["Your Stripe account takes no charges yet. Until it does, no card and so no deposit is asked for."],
        ),
    ],
)
def test_what_is_probably_not_meant_is_said(told, about, sentences):
    assert policy_warnings(told, **{"prices": [5000, 9000]} | about) == sentences


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_every_preset_can_be_saved_and_gives_no_cause_to_warn(salon, preset):
    make_service()

    change_policies(business=salon, changes=preset.columns, by=actors.SYSTEM, now=timezone.now())

    salon.billing.charges_enabled = True
    assert queries.warnings_about_policies(business=salon) == []


def test_warnings_look_at_what_is_on_offer(salon, django_assert_num_queries):
    dear = make_service("Dear", cents=9000)
    make_service("Gone", cents=90000, active=False)
    cheap = make_service("Cheap", cents=100, deposit_type="fixed", deposit_cents=100)
    salon.no_show_fee_type, salon.no_show_fee_cents = "fixed", 9500
    above = "The fee for not coming is more than your dearest service costs. Nobody pays more than the price."

    with django_assert_num_queries(3):
        first = queries.warnings_about_policies(business=salon)
    make_member(performs=[dear]).assignments.update(price_cents=9500)
    cheap.deposit_type = "none"
    cheap.save()

    assert first == [
        above,
        "Your Stripe account takes no charges yet. Until it does, no card and so no deposit is asked for.",
    ]
    assert queries.warnings_about_policies(business=salon) == []


# Changing them ---------------------------------------------------------------------------------


def change(business, **changes):
    return change_policies(business=business, changes=changes, by=actors.SYSTEM, now=timezone.now())


def test_policies_change_with_a_line_in_the_trail_and_every_process_learns(
    salon, settings, django_capture_on_commit_callbacks
):
    settings.HOST_CACHE_SECONDS = 60
    hosts.business_for(salon.host)

    with django_capture_on_commit_callbacks(execute=True):
        changed = change(salon, no_show_fee_type="fixed", no_show_fee_cents=2000, refund_text="")

    entry = AuditEntry.objects.get()
    assert changed == {"no_show_fee_type": ("none", "fixed"), "no_show_fee_cents": (0, 2000)}
    assert (entry.action, entry.before, entry.after) == (
        "policies.changed",
        {"no_show_fee_type": "none", "no_show_fee_cents": 0},
        {"no_show_fee_type": "fixed", "no_show_fee_cents": 2000},
    )
    assert hosts.business_for(salon.host).no_show_fee_cents == salon.no_show_fee_cents == 2000


def test_what_contradicts_itself_is_not_saved(salon):
    with pytest.raises(PoliciesContradict) as caught:
        change(salon, no_show_fee_type="percent", no_show_fee_percent=101, deposit_type="fixed")

    assert caught.value.field == "no_show_fee_percent"
    assert sorted(caught.value.sentences) == ["deposit_cents", "no_show_fee_percent"]
    assert Business.objects.get(pk=salon.pk).no_show_fee_type == "none"
    assert AuditEntry.objects.count() == 0


def test_what_stays_the_same_writes_nothing(salon):
    assert change(salon, cancellation_window_hours=24) == {}
    assert AuditEntry.objects.count() == 0


def test_only_policies_are_changed_there(salon):
    with pytest.raises(ValueError, match="not to be changed here"):
        change(salon, currency_code="EUR")


def test_a_booked_visit_keeps_what_was_agreed(salon, cut, ann):
    booking = make_booking(salon, cut, at(salon))
    before = booking.consent

    change(salon, no_show_fee_type="percent", no_show_fee_percent=100)

    booking.refresh_from_db()
    assert (booking.consent, before["no_show_fee_cents"]) == (before, 0)


def test_the_other_salon_keeps_its_policies(salon, other_salon):
    change(salon, late_arrival_min=15)

    assert Business.objects.get(pk=other_salon.pk).late_arrival_min == 0
    with tenant_context(other_salon):
        assert AuditEntry.objects.count() == 0


def test_the_currency_stays_once_anything_was_booked(salon, cut, ann):
    change_profile(business=salon, changes={"currency_code": "EUR"}, by=actors.SYSTEM, now=timezone.now())
    make_booking(salon, cut, at(salon))

    with pytest.raises(CurrencyInUse):
        change_profile(business=salon, changes={"currency_code": "USD"}, by=actors.SYSTEM, now=timezone.now())

    assert Business.objects.get(pk=salon.pk).currency_code == "EUR"


def test_settings_are_saved_together_or_not_at_all(salon):
    with pytest.raises(RulesContradict):
        change_settings(
            business=salon,
            profile={"city": "Boston"},
            policies={"late_arrival_min": 15},
            rules={"min_notice_min": 5000, "horizon_days": 1},
            by=actors.SYSTEM,
            now=timezone.now(),
        )

    kept = Business.objects.get(pk=salon.pk)
    assert (kept.late_arrival_min, kept.min_notice_min, AuditEntry.objects.count()) == (0, 60, 0)
    assert kept.city != "Boston"
