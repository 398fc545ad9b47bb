"""A page opens when nothing is missing, closes again, and shows a made-up week before that leaves no trace."""

import pytest
from django.db import connection
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.models import AuditEntry
from bookings.models import Booking, Customer, Service, Status, TeamMember, TeamMemberAvailability
from messaging.models import Message
from onboarding import readiness, services
from payments import services as payments
from payments.subscriptions import services as plans
from payments.tests.conftest import repoint
from tenants.models import Business, BusinessStatus, SubscriptionStatus, TenantBilling
from tenants.tests.api import NO_STATIC, signed_in

pytestmark = NO_STATIC


@pytest.fixture
def ready(furnished, local_stripe):
    """Inside the salon's schema."""
    with tenant_context(furnished.business):
        yield furnished


def told(by):
    return {"by": by, "now": timezone.now()}


def codes(found):
    return [finding.code for finding in found]


def test_a_bare_salon_says_what_is_missing(opened):
    with tenant_context(opened.business):
        assert codes(readiness.blockers(opened.business)) == ["no_team"]
        TeamMember.objects.create(first_name="Mara")
        assert codes(readiness.blockers(opened.business)) == ["no_services"]


def test_services_nobody_can_ever_do_do_not_open_a_page(ready):
    TeamMemberAvailability.objects.update(end_min=560)
    assert codes(readiness.blockers(ready.business)) == ["nothing_bookable"]
    TeamMemberAvailability.objects.all().delete()
    assert codes(readiness.blockers(ready.business)) == ["no_hours"]


def test_a_service_nobody_can_ever_do_is_recommended_against(ready):
    Service.objects.filter(name="Colour").update(duration_min=720)

    assert readiness.blockers(ready.business) == []
    assert "some_unbookable" in codes(readiness.recommendations(ready.business, ready))


def test_it_opens_and_the_trial_begins(ready, by):
    now = timezone.now()

    services.go_live(progress=ready, by=by, now=now, in_directory=True)

    business = Business.objects.get(pk=ready.pk)
    assert (business.status, business.is_public_directory) == (BusinessStatus.ACTIVE, True)
    assert business.billing.trial_ends_at > now
    assert business.billing.subscription_id
    ready.refresh_from_db()
    assert (ready.live_at, 12 in ready.completed_steps) == (now, True)
    assert AuditEntry.objects.filter(action="salon.opened").count() == 1


def test_without_stripe_it_opens_all_the_same(ready, by, settings):
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    repoint()

    services.go_live(progress=ready, **told(by))

    billing = TenantBilling.objects.get(business=ready.pk)
    assert Business.objects.get(pk=ready.pk).status == BusinessStatus.ACTIVE
    assert billing.trial_ends_at
    assert not billing.subscription_id


def test_blocked_it_stays_closed(opened, by):
    with tenant_context(opened.business), pytest.raises(services.Blocked) as refused:
        services.go_live(progress=opened, **told(by))

    assert [blocker["step"] for blocker in refused.value.blockers] == ["team"]
    assert Business.objects.get(pk=opened.pk).status == BusinessStatus.ONBOARDING


def test_closed_again_it_keeps_what_is_booked_and_opens_again(ready, by, client_for):
    services.go_live(progress=ready, **told(by))
    first = ready.live_at

    services.take_offline(progress=ready, **told(by))
    assert Business.objects.get(pk=ready.pk).status == BusinessStatus.READY
    assert "Online booking is paused" in client_for(ready.business).get("/").text

    services.go_live(progress=ready, **told(by))
    ready.refresh_from_db()
    assert Business.objects.get(pk=ready.pk).status == BusinessStatus.ACTIVE
    assert first is None or ready.live_at == first
    assert "Cut" in client_for(ready.business).get("/").text


def test_a_plan_that_has_ended_keeps_it_closed(ready, by):
    services.go_live(progress=ready, **told(by))
    services.take_offline(progress=ready, **told(by))
    TenantBilling.objects.filter(business=ready.pk).update(subscription_status=SubscriptionStatus.CANCELED)
    ready.business.billing.refresh_from_db()

    with pytest.raises(plans.PlanClosed):
        plans.open_site(business=ready.business, **told(by))
    assert codes(readiness.blockers(ready.business)) == ["plan_closed"]


# Sample data --------------------------------------------------------------------------------------


def contents(schema):
    """Rows of every table of the salon but the trail."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", [schema])
        tables = [name for (name,) in cursor.fetchall() if name != "audit_auditentry"]
        found = {}
        for table in tables:
            cursor.execute(f'SELECT row::text FROM "{schema}"."{table}" row ORDER BY 1')
            found[table] = cursor.fetchall()
    return found


def test_sample_data_leaves_nothing_behind(ready, by):
    schema = ready.business.schema_name
    before = contents(schema)

    count = services.add_sample(progress=ready, **told(by))
    assert count >= 6
    assert Booking.objects.filter(status=Status.CONFIRMED).count() == count
    assert Customer.objects.count() == 6
    assert not Message.objects.exists()
    services.remove_sample(progress=ready, **told(by))

    assert contents(schema) == before
    assert list(
        AuditEntry.objects.filter(action__startswith="sample.").values_list("action", flat=True).order_by("at")
    ) == [
        "sample.added",
        "sample.removed",
    ]


def test_pressed_twice_it_is_there_once(ready, by):
    once = services.add_sample(progress=ready, **told(by))

    assert services.add_sample(progress=ready, **told(by)) == once


def test_an_own_booking_and_its_customer_stay(ready, by):
    services.add_sample(progress=ready, **told(by))
    own = Customer.objects.create(display_name="Real Person", email="real@example.com", phone="+12125550111")

    services.remove_sample(progress=ready, **told(by))

    assert list(Customer.objects.all()) == [own]


def test_no_money_is_taken_for_a_sample_visit(ready, by):
    services.add_sample(progress=ready, **told(by))

    with pytest.raises(payments.SampleVisit):
        payments.complete(business=ready.business, booking=Booking.objects.first(), key="k1", **told(by))


def test_the_page_does_not_open_over_sample_data(ready, by):
    services.add_sample(progress=ready, **told(by))

    with pytest.raises(services.Blocked) as refused:
        services.go_live(progress=ready, **told(by))
    assert [blocker["code"] for blocker in refused.value.blockers] == ["sample_data"]


def test_an_open_salon_gets_no_sample_data(ready, by):
    services.go_live(progress=ready, **told(by))

    with pytest.raises(services.AlreadyOpen):
        services.add_sample(progress=ready, **told(by))


def test_without_services_there_is_nothing_to_show(opened, by):
    with tenant_context(opened.business), pytest.raises(services.NothingToShow):
        services.add_sample(progress=opened, **told(by))


# Pages and programs -------------------------------------------------------------------------------


def test_the_page_lists_what_is_missing_with_the_way_there(client_for, newcomer, opened):
    page = client_for(None, newcomer).get("/onboarding/go-live/").text

    assert "Nobody can be booked yet" in page
    assert f"/onboarding/team/?salon={opened.pk}" in page
    assert "Open the booking page</button>" not in page


def test_one_press_opens_and_one_closes(client_for, newcomer, furnished, local_stripe):
    browser = client_for(None, newcomer)

    answer = browser.post(
        "/onboarding/go-live/", {"salon": furnished.pk, "open": "1", "in_directory": "on"}, follow=True
    )

    assert "Studio Lark is open" in answer.text
    assert "http://lark.localhost" in answer.text
    assert Business.objects.get(pk=furnished.pk).is_public_directory
    browser.post("/onboarding/go-live/", {"salon": furnished.pk, "offline": "1"})
    assert Business.objects.get(pk=furnished.pk).status == BusinessStatus.READY


def test_programs_open_it_too(newcomer, furnished, local_stripe):
    answer = signed_in(None, newcomer).post("/api/v1/onboarding/step12/go-live", {})

    assert answer.status_code == 200, answer.content
    assert answer.json()["data"]["booking_url"] == furnished.business.url
    assert answer.json()["data"]["status"] == "active"


def test_programs_are_told_the_blockers(newcomer, opened):
    answer = signed_in(None, newcomer).post("/api/v1/onboarding/step12/go-live", {})

    assert answer.status_code == 409
    assert (answer.json()["code"], answer.json()["blockers"][0]["code"]) == ("blocked", "no_team")


def test_programs_get_the_way_to_stripe_or_leave_it(newcomer, furnished, local_stripe):
    program = signed_in(None, newcomer)

    skipped = program.post("/api/v1/onboarding/step11/payment-setup", {"skip": True}).json()["data"]
    assert 11 not in skipped["completed_steps"]
    found = program.post("/api/v1/onboarding/step11/payment-setup", {}).json()["data"]

    assert found["account_link_url"].startswith(local_stripe.base)
    assert found["subscription_status"] == "trial"
    assert 11 in found["completed_steps"]


def test_coming_back_from_stripe_goes_on_with_the_wizard(client_for, newcomer, furnished, local_stripe):
    browser = client_for(None, newcomer)
    assert "Connect Stripe" in browser.get("/onboarding/payments/").text

    to_stripe = browser.post("/onboarding/payments/", {"salon": furnished.pk, "connect": "1"})
    assert to_stripe["Location"].startswith(local_stripe.base)

    page = browser.get(f"/onboarding/payments/?salon={furnished.pk}&back=1").text
    assert "Stripe is not finished yet" in page
    answer = browser.post("/onboarding/payments/", {"salon": furnished.pk, "save": "1"})
    assert answer["Location"].startswith("/onboarding/go-live/")


def test_a_link_alone_makes_no_account_at_stripe(client_for, newcomer, furnished, local_stripe):
    answer = client_for(None, newcomer).get(f"/onboarding/payments/?salon={furnished.pk}&refresh=1")

    assert "Connect Stripe" in answer.text
    assert not TenantBilling.objects.get(business=furnished.pk).stripe_account_id


def test_the_preview_shows_a_closed_page_to_who_has_its_address(client_for, newcomer, furnished, rosa):
    page = client_for(None, newcomer).get("/onboarding/location/").text
    address = page.partition('<iframe src="')[2].partition('"')[0]
    path = address.partition(furnished.business.host)[2].partition("/")[2]

    shown = client_for(furnished.business).get(f"/{path}")

    assert "Studio Lark" in shown.text
    assert "frame-ancestors http://localhost" in shown["Content-Security-Policy"]
    assert "X-Frame-Options" not in shown
    assert client_for(rosa).get(f"/{path}").status_code == 404
    assert client_for(furnished.business).get("/preview/nonsense/").status_code == 404
    assert "Online booking is paused" in client_for(furnished.business).get("/").text
