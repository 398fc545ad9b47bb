"""Step 9 as a page: ready terms or one's own, and the rules of booking."""

import pytest
from django_tenants.utils import tenant_context

from audit.models import AuditEntry
from bookings.tests.factories import make_member, make_service
from onboarding import queries
from tenants.models import Business, TenantBilling
from tenants.tests.api import NO_STATIC

pytestmark = NO_STATIC
PATH = "/onboarding/policies/"
RULES = {"min_notice_min": "2 h", "horizon_days": "90", "slot_step_min": "30", "auto_confirm": "on"}
OWN = RULES | {
    "terms": "own",
    "cancellation_window_hours": "36",
    "cancellation_fee_type": "fixed",
    "cancellation_fee_cents": "12.50",
    "cancellation_fee_percent": "",
    "cancellation_text": "Tell us early, please.",
    "no_show_fee_type": "percent",
    "no_show_fee_percent": "80",
    "no_show_fee_cents": "",
    "no_show_text": "",
    "refund_text": "",
}


@pytest.fixture
def browser(client_for, newcomer):
    return client_for(None, newcomer)


def stored(opened, *names):
    return Business.objects.values_list(*names).get(pk=opened.pk)


def checked(page):
    """The terms that are chosen on a page."""
    form = page.context["form"]
    return form["terms"].value()


def completed(opened, newcomer):
    return queries.own_progress(newcomer, opened.pk).completed_steps


def test_the_terms_of_the_kind_of_business_are_offered_and_nothing_is_written(browser, opened, newcomer):
    page = browser.get(PATH)

    assert checked(page) == "half"
    assert "cancel free of charge until 24 hours" in page.text
    assert "Connect Stripe under “Getting paid”; until then they are words." in page.text
    assert stored(opened, "cancellation_fee_type") == ("none",)
    assert 9 not in completed(opened, newcomer)


def test_pressed_at_once_the_ready_terms_are_the_salons(browser, opened, newcomer):
    answer = browser.post(PATH, RULES | {"terms": "half", "salon": opened.pk})

    assert answer["Location"] == f"/onboarding/gift-cards/?salon={opened.pk}"
    assert stored(opened, "cancellation_fee_type", "cancellation_fee_percent", "no_show_fee_percent") == (
        "percent",
        50,
        100,
    )
    assert stored(opened, "min_notice_min", "horizon_days", "slot_step_min", "auto_confirm") == (120, 90, 30, True)
    assert 9 in completed(opened, newcomer)
    with tenant_context(opened.business):
        actions = AuditEntry.objects.values_list("action", flat=True)
        assert {"policies.changed", "booking_rules.changed"} <= set(actions)


def test_what_was_chosen_is_chosen_when_one_comes_back(browser, opened):
    browser.post(PATH, RULES | {"terms": "gentle"})
    assert checked(browser.get(PATH)) == "gentle"

    browser.post(PATH, OWN)
    page = browser.get(PATH)

    assert checked(page) == "own"
    assert 'value="12.50"' in page.text
    assert "Tell us early, please." in page.text


def test_ones_own_terms_are_written_as_people_write_them(browser, opened):
    answer = browser.post(PATH, OWN)

    assert answer.status_code == 302, answer.text
    assert stored(opened, "cancellation_window_hours", "cancellation_fee_type", "cancellation_fee_cents") == (
        36,
        "fixed",
        1250,
    )
    assert stored(opened, "no_show_fee_percent", "cancellation_text") == (80, "Tell us early, please.")


def test_fields_of_own_terms_do_not_count_where_others_are_chosen(browser, opened):
    """Whatever stands in them, also what could not be saved."""
    answer = browser.post(PATH, OWN | {"terms": "full", "cancellation_window_hours": "a day", "no_show_fee_type": "?"})

    assert answer.status_code == 302, answer.text
    assert stored(opened, "cancellation_window_hours", "cancellation_fee_percent", "cancellation_fee_cents") == (
        48,
        100,
        0,
    )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"terms": ""}, "Please choose what customers agree to."),
        ({"cancellation_fee_cents": ""}, "Write how much the fee for cancelling late is"),
        ({"no_show_fee_percent": "101"}, "Write a whole number from 0 to 100."),
        ({"cancellation_fee_cents": "-1"}, "Write an amount that is not below zero."),
        ({"cancellation_fee_cents": "1.005"}, "more decimal places than the currency"),
        ({"cancellation_window_hours": "0"}, "With 0 hours everybody cancels free of charge"),
        ({"min_notice_min": "soon"}, "Write a length like 45 min, 2 h or 1 day."),
        ({"min_notice_min": ""}, "Please write a length"),
        ({"min_notice_min": "10 days", "horizon_days": "2"}, "reaches beyond the furthest date"),
        ({"horizon_days": "731"}, "Write a whole number from 1 to 730."),
        ({"slot_step_min": "7"}, "Select a valid choice."),
    ],
)
def test_what_cannot_be_is_said_and_the_rest_kept(browser, opened, newcomer, change, sentence):
    answer = browser.post(PATH, OWN | change)

    assert sentence in answer.text
    assert "Tell us early, please." in answer.text
    assert stored(opened, "cancellation_fee_type", "min_notice_min") == ("none", 60)
    assert 9 not in completed(opened, newcomer)


def test_only_the_amount_a_fee_asks_for_counts(browser, opened):
    browser.post(PATH, OWN | {"cancellation_fee_percent": "much", "no_show_fee_cents": "-3"})

    assert stored(opened, "cancellation_fee_cents", "cancellation_fee_percent", "no_show_fee_cents") == (1250, 0, 0)


def test_customers_sentences_are_shown_for_every_choice(browser, opened):
    with tenant_context(opened.business):
        make_member(performs=[make_service(cents=8000)])

    page = browser.get(PATH).text

    assert page.count("What customers read</p>") == 5
    assert "after that it costs $40.00." in page
    assert "after that it costs $80.00." in page


def test_own_terms_are_shown_as_customers_read_them_before_they_are_saved(browser, opened, newcomer):
    with tenant_context(opened.business):
        make_member(performs=[make_service(cents=8000)])

    answer = browser.post(PATH, OWN | {"look": "1"})

    assert "after that it costs $12.50." in answer.text
    assert "If you do not come, $64.00 is due." in answer.text
    assert stored(opened, "cancellation_fee_type") == ("none",)
    assert 9 not in completed(opened, newcomer)


def test_what_is_probably_not_meant_is_said_beside_own_terms(browser, opened):
    with tenant_context(opened.business):
        make_member(performs=[make_service(cents=8000)])

    answer = browser.post(PATH, OWN | {"look": "1", "no_show_fee_percent": "5"})

    assert "Not coming costs less than cancelling late" in answer.text


def test_no_example_is_shown_of_terms_that_cannot_be_read(browser, opened):
    with tenant_context(opened.business):
        make_member(performs=[make_service(cents=8000)])

    answer = browser.post(PATH, OWN | {"look": "1", "cancellation_fee_cents": ""})

    assert "Write how much the fee for cancelling late is" in answer.text
    assert answer.text.count("What customers read</p>") == 4


def test_with_stripe_fees_are_more_than_words(browser, opened):
    TenantBilling.objects.filter(business=opened.business).update(charges_enabled=True)

    assert "until then they are words" not in browser.get(PATH).text


def test_an_open_salons_terms_are_its_settings(client_for, owner, rosa):
    Business.objects.filter(pk=rosa.pk).update(cancellation_fee_type="fixed", cancellation_fee_cents=2000)
    browser = client_for(None, owner)

    page = browser.get(f"{PATH}?salon={rosa.pk}")
    answer = browser.post(PATH, RULES | {"terms": "none", "salon": rosa.pk})

    assert checked(page) == "own"
    assert f'href="{rosa.url}/admin/policies/"' in page.text
    assert answer["Location"] == f"{PATH}?salon={rosa.pk}&saved=1"
    assert Business.objects.get(pk=rosa.pk).cancellation_fee_type == "none"


def test_another_salon_keeps_its_terms(browser, opened, nora):
    browser.post(PATH, OWN)

    assert Business.objects.get(pk=nora.pk).cancellation_fee_type == nora.cancellation_fee_type
