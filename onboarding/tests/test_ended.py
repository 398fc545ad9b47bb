"""A salon that is for reading only: the wizard is no way around its closed doors."""

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from accounts.models import AccountMessage, Invitation
from audit import actors
from bookings.models import ServiceCategory
from onboarding import services, steps
from onboarding.leaving import services as leaving
from onboarding.tests.posting import posted
from tenants.models import Business, BusinessStatus, SubscriptionStatus, TenantBilling
from tenants.tests.api import NO_STATIC, signed_in

pytestmark = NO_STATIC
CATEGORY = {"name": "Haircuts", "services": [{"name": "Cut", "duration_min": 30, "price_cents": 3000}]}


@pytest.fixture(params=["leaving", "plan_ended", "closed_and_plan_ended"])
def ended(request, opened, newcomer):
    business, now = opened.business, timezone.now()
    if request.param == "leaving":
        leaving.ask_to_leave(business=business, by=actors.user(newcomer), typed_name=business.name, now=now)
    else:
        status = BusinessStatus.CANCELED if request.param == "plan_ended" else BusinessStatus.READY
        Business.objects.filter(pk=business.pk).update(status=status)
        TenantBilling.objects.filter(business=business).update(
            subscription_status=SubscriptionStatus.CANCELED, canceled_at=now
        )
    AccountMessage.objects.all().delete()
    return opened


@pytest.mark.parametrize(
    ("step", "body"),
    [
        ("step1/business-account", {"business_name": "Another"}),
        ("step2/booking-website", {"subdomain": "another"}),
        ("step6/services-categories", {"category": CATEGORY}),
        ("step8/notifications", {"skip": True}),
    ],
)
def test_programs_change_nothing(ended, newcomer, step, body):
    refusal = posted(signed_in(None, newcomer), step, body | {"tenant_id": str(ended.pk)}, 403)

    assert refusal["code"] == "salon_ended"
    unchanged(ended)


@pytest.mark.parametrize("step", steps.STEPS, ids=lambda step: step.key)
def test_pages_are_read_and_take_no_answer(ended, newcomer, client_for, step):
    browser = client_for(None, newcomer)
    address = f"/onboarding/{step.key}/?salon={ended.pk}"
    before = [ended.name, ended.slug]

    answer = browser.post(address, {"name": "Another", "subdomain": "another", "skip": "1"})

    assert (answer.status_code, answer["Location"]) == (302, address)
    page = browser.get(address)
    assert page.status_code == 200
    assert "nothing can be changed" in page.text
    unchanged(ended)
    assert before == [ended.name, ended.slug]


def test_while_it_is_open_its_pages_take_answers(opened, newcomer):
    posted(signed_in(None, newcomer), "step6/services-categories", {"category": CATEGORY, "tenant_id": str(opened.pk)})

    with tenant_context(opened.business):
        assert ServiceCategory.objects.count() == 1


def unchanged(progress):
    before = [progress.completed_steps, progress.skipped_steps]
    progress.refresh_from_db()
    assert [progress.completed_steps, progress.skipped_steps] == before
    assert Business.objects.get(pk=progress.pk).slug == "lark"
    assert (Invitation.objects.count(), AccountMessage.objects.count()) == (0, 0)
    with tenant_context(progress.business):
        assert ServiceCategory.objects.count() == 0
    assert services.progress_of(business=progress.business, now=timezone.now()).slug == "lark"
