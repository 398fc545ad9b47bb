"""The owner's billing page: everything on it is a form or a link."""

import re
from html import unescape

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from bookings import links as links_to
from bookings.tests.factories import at, make_booking, make_member, make_service
from payments.webhooks import services as inbox
from tenants.models import Membership, Role, TenantBilling
from tenants.tests.api import NO_STATIC, signed_in

pytestmark = NO_STATIC


@pytest.fixture
def browser(client_for, owner):
    return client_for(None, owner)


def path(plan, step=""):
    return f"/billing/{plan.business.pk}/{step}"


def seen(response):
    return " ".join(unescape(strip_tags(response.content.decode())).split())


def buttons(response):
    return re.findall(r'formaction="[^"]*/(\w+)/"', response.content.decode())


def links(response):
    return re.findall(r'class="back" href="/billing/[^"]*/(\w+)/"', response.content.decode())


def test_before_the_beginning_the_trial_can_be_started(plan, browser, clock_of):
    clock_of(plan)
    page = browser.get(path(plan))
    assert (buttons(page), links(page)) == (["start"], ["cancel"])

    page = browser.post(path(plan, "start/"), follow=True)

    assert (plan.state, buttons(page), links(page)) == (
        "trial",
        ["activate", "card", "portal"],
        ["pause", "cancel"],
    )
    assert "Add a card by then, so that nothing stops." in seen(page)


def test_paying_without_a_card_leads_over_stripes_page_and_back(plan, browser, clock_of):
    clock_of(plan)
    plan.start_trial()

    away = browser.post(path(plan, "activate/"))
    session = plan.stripe.checkout.sessions.retrieve(away.url.rpartition("/")[2])
    plan.fill(session.id)
    back = session.success_url.replace("{CHECKOUT_SESSION_ID}", session.id)
    page = browser.get(back, follow=True)

    assert (plan.state, plan.taken()) == ("active", [1199])
    assert "Visa •••• 4242" in seen(page)
    assert (buttons(page), links(page)) == (["card", "portal"], ["pause", "cancel"])


def test_a_page_left_empty_is_said(plan, browser, clock_of):
    clock_of(plan)
    away = browser.post(path(plan, "card/"))

    page = browser.get(path(plan, f"card/{away.url.rpartition('/')[2]}/"), follow=True)

    assert "No card was saved. Please try again." in seen(page)


def test_pausing_is_explained_before_it_happens(paying, browser, clock_of):
    clock_of(paying)
    assert "your booking site stays open" in seen(browser.get(path(paying, "pause/")))
    assert paying.state == "active"

    page = browser.post(path(paying, "pause/"), follow=True)

    assert (paying.state, buttons(page)) == ("paused owner", ["resume", "card", "portal"])
    assert "Nothing is billed, and your booking site stays open." in seen(page)
    browser.post(path(paying, "resume/"))
    assert paying.state == "active"


def test_cancelling_is_warned_of_and_can_be_taken_back(paying, browser, clock_of):
    clock_of(paying)
    assert "the booking site closes" in seen(browser.get(path(paying, "cancel/")))
    assert paying.billing.cancel_at is None

    page = browser.post(path(paying, "cancel/"), {"when": "end"}, follow=True)
    assert (paying.state, buttons(page), links(page)) == ("active", ["keep", "card", "portal"], [])

    browser.post(path(paying, "keep/"))
    assert (paying.state, paying.billing.cancel_at) == ("active", None)


def test_cancelling_now_closes_and_starting_again_opens(paying, browser, client_for, clock_of):
    clock_of(paying)
    page = browser.post(path(paying, "cancel/"), {"when": "now"}, follow=True)

    assert (paying.state, buttons(page), links(page)) == ("canceled", ["activate", "portal"], [])
    assert "Online booking is paused" in client_for(paying.business).get("/").content.decode()

    browser.post(path(paying, "activate/"))
    assert "Online booking is paused" not in client_for(paying.business).get("/").content.decode()


def test_what_is_refused_is_said(plan, browser, clock_of):
    clock_of(plan)
    plan.start_trial()
    plan.card("pm_card_chargeCustomerFail")

    page = browser.post(path(plan, "activate/"), follow=True)

    assert "The card was declined. Nothing was charged; please use another one." in seen(page)


def test_without_stripe_the_page_still_opens(paying, browser, no_answer, clock_of):
    no_answer()

    assert "Active" in seen(browser.get(path(paying)))
    assert "We could not reach Stripe." in seen(browser.post(path(paying, "resume/"), follow=True))


def test_invoices_are_listed_with_their_pages(paying, browser):
    from django.db import connection

    assert "No invoices yet." in seen(browser.get(path(paying)))
    connection.set_schema_to_public()
    for event in paying.happened():
        inbox.receive(payload=event)
        inbox.process(event_id=event["id"])

    page = browser.get(path(paying))

    assert "$11.99 Paid" in seen(page)
    assert page.content.decode().count(f'href="{paying.local.base}/i/in_') == 1


@pytest.mark.parametrize(
    ("days", "booking_page", "links_work"),
    [(31, True, True), (45, False, True)],
    ids=["in its grace", "after it"],
)
def test_an_unpaid_salon_on_its_own_site(plan, client_for, member, clock_of, days, booking_page, links_work):
    """New bookings stop after the grace; what is booked and the team's work go on."""
    plan.local.control("/billing", when_exhausted="past_due")
    service = make_service()
    make_member(performs=[service])
    plan.start_trial()
    for passed in (30.1, days - 30.1):
        plan.wait(days=passed)
        plan.catch_up()

    page = client_for(plan.business).get("/")
    answer = client_for(plan.business).post("/booking/availability", "{}", content_type="application/json")

    assert (page.status_code, "Online booking is paused" in page.content.decode()) == (200, not booking_page)
    assert (page.get("X-Robots-Tag"), answer.status_code) == ((None, 400) if booking_page else ("noindex", 403))
    assert client_for(plan.business).get("/b/rubbish/").status_code == 404
    staff = client_for(plan.business, member("admin"))
    assert staff.post(reverse("admin:bookings_service_add", urlconf="config.urls_salon"), {}).status_code == 200


def test_what_is_booked_in_an_unpaid_salon_goes_on(plan, client_for, owner, clock_of):
    """The customer's link opens, and the team completes the visit and takes its price at the salon."""
    service = make_service()
    make_member(performs=[service])
    visit = make_booking(plan.business, service, at(plan.business))
    TenantBilling.objects.filter(business=plan.business).update(
        subscription_status="past_due", grace_ends_at=plan.now(), trial_ends_at=plan.now()
    )
    plan.catch_up()
    assert (plan.state, plan.site) == ("paused unpaid", "paused")

    link = reverse("bookings:manage", args=[links_to.manage_token(visit)], urlconf="config.urls_salon")
    answer = signed_in(plan.business, owner).post(
        f"/api/v1/admin/bookings/{visit.pk}/complete", {"idempotency_key": "one"}
    )

    assert client_for(plan.business).get(link).status_code == 200
    assert (answer.status_code, answer.json()["booking_status"]) == (200, "completed")


@pytest.mark.parametrize(
    ("method", "step"),
    [
        ("get", ""),
        ("get", "pause/"),
        ("get", "cancel/"),
        ("get", "card/cs_test_1/"),
        *(
            ("post", f"{verb}/")
            for verb in ["start", "activate", "pause", "resume", "cancel", "keep", "card", "portal"]
        ),
    ],
)
def test_only_the_owner(plan, member, other_salon, client_for, method, step):
    people = {role: client_for(None, member(role)) for role in ("viewer", "staff", "admin")}
    outsider = client_for(None, member("owner", other_salon))

    assert {getattr(each, method)(path(plan, step)).status_code for each in people.values()} == {403}
    assert getattr(outsider, method)(path(plan, step)).status_code == 404
    assert getattr(client_for(None), method)(path(plan, step)).url.startswith("/accounts/login/")
    assert (plan.subscriptions(), plan.state) == ([], "trial")


@pytest.mark.parametrize("verb", ["start", "activate", "resume", "keep", "card", "portal"])
def test_following_a_link_presses_nothing(plan, browser, verb):
    assert browser.get(path(plan, f"{verb}/")).status_code == 405


def test_an_owner_of_two_sees_both_states(plan, other_plan, owner, browser):
    Membership.objects.create(user=owner, business=other_plan.business, role=Role.OWNER)
    plan.start_trial()

    page = browser.get("/billing/")

    assert "Free trial" in seen(page)
    assert [path(each) in page.content.decode() for each in (plan, other_plan)] == [True, True]
