"""The salon changes outside of the wizard: settings written elsewhere, another owner, another address, a way out."""

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from bookings.services.profile import change_profile
from onboarding import queries, readiness, services
from onboarding.leaving.services import ask_to_leave
from onboarding.manage.moving import TooManyMoves, move_salon
from onboarding.models import OnboardingProgress
from onboarding.tests.posting import posted
from tenants.models import Business, BusinessStatus, Membership, Role, User
from tenants.tests.api import NO_STATIC, signed_in

pytestmark = NO_STATIC
HOME = "/onboarding/business/"
TERMS = {"policies": {"refund": {"text": "Within seven days."}}}


def changed(business, by, **changes):
    with tenant_context(business):
        change_profile(business=business, changes=changes, by=by, now=timezone.now())


@pytest.fixture
def heir(opened, newcomer):
    """Whom the salon was handed over to; its first owner is an admin now."""
    person = User.objects.create_user("hal@lark.example", "correct horse battery")
    Membership.objects.filter(user=newcomer, business=opened.business).update(role=Role.ADMIN)
    Membership.objects.create(user=person, business=opened.business, role=Role.OWNER)
    return person


def test_the_first_page_shows_what_was_written_elsewhere(client_for, newcomer, opened, by):
    changed(opened.business, by, name="Lark & Sons", description="Since 1980", legal_name="Lark LLC")

    form = client_for(None, newcomer).get(HOME, {"salon": opened.pk}).context["form"]

    assert form.initial == {
        "name": "Lark & Sons",
        "description": "Since 1980",
        "legal_name": "Lark LLC",
        "industry": "hair-salon",
    }


def test_a_salon_that_never_was_in_the_wizard_loses_nothing_there(client_for, owner, rosa, by):
    changed(rosa, by, description="Since 1980", legal_name="Rosa LLC")
    browser = client_for(None, owner)

    form = browser.get(HOME, {"salon": rosa.pk}).context["form"]
    browser.post(HOME, form.initial | {"salon": rosa.pk, "name": "Rosa’s"})

    row = Business.objects.get(pk=rosa.pk)
    assert (row.name, row.description, row.legal_name) == ("Rosa’s", "Since 1980", "Rosa LLC")


def test_a_kind_in_a_programs_own_words_stays_until_another_is_chosen(client_for, newcomer, opened, by):
    changed(opened.business, by, category="Hair & make-up")
    browser = client_for(None, newcomer)
    answer = {"salon": opened.pk, "name": "Lark", "description": "", "legal_name": ""}

    browser.post(HOME, answer | {"industry": "hair-salon"})
    assert Business.objects.get(pk=opened.pk).category == "Hair & make-up"

    browser.post(HOME, answer | {"industry": "spa"})
    assert Business.objects.get(pk=opened.pk).category == "Spa"


def test_an_address_changed_elsewhere_is_the_one_that_is_shown(client_for, newcomer, opened, by):
    move_salon(business=opened.business, slug="lark-two", by=by, now=timezone.now())

    form = client_for(None, newcomer).get("/onboarding/address/", {"salon": opened.pk}).context["form"]
    data = signed_in(None, newcomer).get("/api/v1/onboarding/progress").json()["data"]

    assert (form.initial["subdomain"], data["subdomain"]) == ("lark-two", "lark-two")


def test_a_published_salon_does_not_hoard_addresses_here_either(opened, by):
    OnboardingProgress.objects.filter(pk=opened.pk).update(live_at=timezone.now())
    for slug in ("lark-a", "lark-b", "lark-c"):
        services.choose_address(progress=opened, slug=slug, by=by, now=timezone.now())

    with pytest.raises(TooManyMoves):
        services.choose_address(progress=opened, slug="lark-d", by=by, now=timezone.now())

    assert Business.objects.get(pk=opened.pk).slug == "lark-c"


def test_a_salon_handed_over_answers_its_new_owner(opened, heir, newcomer):
    body = TERMS | {"tenant_id": str(opened.pk)}

    assert posted(signed_in(None, heir), "step9/policies", body)["data"]["completed_steps"] == [1, 2, 9]
    posted(signed_in(None, newcomer), "step9/policies", body, 404)


def test_whose_address_is_to_be_confirmed_is_the_new_owners(opened, heir):
    with tenant_context(opened.business):
        [found] = [
            each for each in readiness.recommendations(opened.business, opened) if each.code == "email_unconfirmed"
        ]

    assert found.sentence == "Confirm your own address: there is a mail in the box of hal@lark.example."


def test_a_salon_that_leaves_does_not_open(client_for, newcomer, furnished, by):
    ask_to_leave(business=furnished.business, by=by, typed_name="Studio Lark", now=timezone.now())
    browser = client_for(None, newcomer)

    page = browser.get("/onboarding/go-live/", {"salon": furnished.pk}).text
    refused = posted(signed_in(None, newcomer), "step12/go-live", {"tenant_id": str(furnished.pk)}, 403)

    assert f'href="/businesses/{furnished.pk}/leave/">Keep the salon' in page
    assert 'name="open"' not in page
    assert refused["code"] == "salon_ended"
    assert Business.objects.get(pk=furnished.pk).status == BusinessStatus.CANCELED


def test_a_salon_that_leaves_is_not_gone_on_with(client_for, newcomer, furnished, by):
    ask_to_leave(business=furnished.business, by=by, typed_name="Studio Lark", now=timezone.now())

    assert list(queries.unfinished_of(newcomer)) == []
    assert "Name of the business" in client_for(None, newcomer).get("/onboarding/").text


def test_the_only_salon_needs_no_name_once_it_is_open(newcomer, furnished, local_stripe):
    api = signed_in(None, newcomer)

    posted(api, "step12/go-live", {})
    again = posted(api, "step12/go-live", {})

    assert again["data"]["status"] == "active"


def test_of_several_open_salons_one_is_named(newcomer, furnished, rosa):
    OnboardingProgress.objects.filter(pk=furnished.pk).update(live_at=timezone.now())
    Membership.objects.filter(business=rosa, role=Role.OWNER).update(user=newcomer)
    services.progress_of(business=rosa, now=timezone.now())
    api = signed_in(None, newcomer)

    assert posted(api, "step9/policies", TERMS, 409)["code"] == "salon_not_named"
    posted(api, "step9/policies", TERMS | {"tenant_id": str(rosa.pk)})


def test_before_anything_was_begun_a_program_is_told_to_begin(newcomer):
    assert posted(signed_in(None, newcomer), "step9/policies", TERMS, 409)["code"] == "nothing_begun"


@pytest.mark.parametrize("step", ["step5/branding", "step8/notifications"])
def test_half_a_character_is_refused_and_never_a_500(newcomer, opened, step):
    bodies = {"step5/branding": '{"primary_color": "#2f6690", "font": "\\ud800"}'}
    body = bodies.get(step, '{"templates": [{"name": "a", "channel": "\\ud800", "trigger": "reminder", "body": "b"}]}')

    assert posted(signed_in(None, newcomer), step, body, 400)["code"] == "invalid"


def test_the_settings_of_a_live_salon_do_not_stand_before_the_page(client_for, newcomer, opened):
    OnboardingProgress.objects.filter(pk=opened.pk).update(live_at=timezone.now())

    page = client_for(None, newcomer).get("/onboarding/services/", {"salon": opened.pk}).text

    assert '<details class="disclose">' in page
    assert "Open or close your booking page</a>" in page
    assert "Your booking page so far" not in page
