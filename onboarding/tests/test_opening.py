"""An address is promised at once; the salon behind it is made once, wholly or not at all, by whoever comes first."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.models import AuditEntry
from config.testing_racing import at_once
from onboarding import services
from onboarding.models import OnboardingProgress, Provisioning
from onboarding.services import opening
from onboarding.tests.conftest import FIELDS
from tenants import services as tenants
from tenants import slugs
from tenants.models import Business, ClaimedSlug, Domain, Membership, SchemaTemplate, User


def choose(progress, slug, by):
    services.choose_address(progress=progress, slug=slug, by=by, now=timezone.now())
    progress.refresh_from_db()
    return progress


def schemas():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 't\\_%'")
        return cursor.fetchone()[0]


def test_the_first_step_makes_no_salon(begun):
    assert (begun.completed_steps, begun.current_step, begun.business) == ([1], 2, None)
    assert not Business.objects.filter(pk=begun.pk).exists()


def test_an_address_is_promised_at_once(begun, by):
    choose(begun, "lark", by)

    assert begun.provisioning == Provisioning.QUEUED
    assert ClaimedSlug.objects.get(slug="lark").business_id == begun.pk
    with pytest.raises(slugs.SlugTaken):
        tenants.open_business(slug="lark", name="Somebody else")


def test_another_choice_gives_the_first_name_back(begun, by):
    choose(choose(begun, "lark", by), "lark-studio", by)

    assert tenants.open_business(slug="lark", name="Somebody else").slug == "lark"
    assert begun.slug == "lark-studio"


@pytest.mark.parametrize("slug", ["rosa", "admin", "no", "Über", "xn--bcher-kva"])
def test_a_name_that_is_not_to_be_had_is_refused(begun, by, rosa, slug):
    with pytest.raises((slugs.SlugTaken, slugs.SlugReserved, slugs.SlugInvalid)):
        choose(begun, slug, by)

    begun.refresh_from_db()
    assert (begun.slug, begun.provisioning) == ("", Provisioning.NOT_ASKED)


def test_the_salon_is_the_owners_and_has_the_promised_id(opened, newcomer):
    business = Business.objects.get(slug="lark")

    assert business.pk == opened.pk
    assert (business.name, business.category, business.status) == ("Studio Lark", "Hair salon", "onboarding")
    assert Membership.objects.get(business=business).user == newcomer
    assert not ClaimedSlug.objects.exists()
    assert opened.provisioning == Provisioning.DONE


def test_made_twice_it_is_one(opened):
    before = schemas()

    again = services.ensure_salon(progress=OnboardingProgress.objects.get(pk=opened.pk), now=timezone.now())

    assert again.business == opened.business
    assert schemas() == before


def test_a_failure_leaves_nothing_and_can_be_tried_again(begun, by):
    choose(begun, "lark", by)
    kept = list(SchemaTemplate.objects.values_list("digest", "sql"))
    before = (schemas(), Domain.objects.count())
    SchemaTemplate.objects.update(sql="CREATE TABLE half (id int); SELECT 1/0")

    with pytest.raises(services.ProvisioningFailed):
        services.ensure_salon(progress=begun, now=timezone.now())

    begun.refresh_from_db()
    assert (begun.provisioning, begun.provisioning_attempts, begun.business) == (Provisioning.FAILED, 1, None)
    assert (schemas(), Domain.objects.count()) == before
    for digest, sql in kept:
        SchemaTemplate.objects.filter(digest=digest).update(sql=sql)
    assert services.ensure_salon(progress=begun, now=timezone.now()).business.slug == "lark"


def test_what_no_worker_made_is_made_by_the_sweep(begun, by):
    choose(begun, "lark", by)
    soon = timezone.now() + timedelta(seconds=1)

    assert services.provision_left_behind(now=soon) == 0
    assert services.provision_left_behind(now=soon + opening.PATIENCE) == 1
    assert Business.objects.filter(slug="lark").exists()


def test_a_new_address_before_anybody_knew_the_old_one_leaves_no_trace(opened, by):
    services.choose_address(progress=opened, slug="lark-hair", by=by, now=timezone.now())

    business = Business.objects.get(pk=opened.pk)
    assert [domain.domain for domain in business.domains.all()] == [business.host]
    assert tenants.open_business(slug="lark", name="Somebody else").slug == "lark"
    with tenant_context(business):
        entry = AuditEntry.objects.get(action="salon.moved")
    assert (entry.before, entry.after) == ({"slug": "lark"}, {"slug": "lark-hair"})


def test_a_published_salons_old_address_leads_to_the_new_one(opened, by):
    OnboardingProgress.objects.filter(pk=opened.pk).update(live_at=timezone.now())

    services.choose_address(progress=opened, slug="lark-hair", by=by, now=timezone.now())

    assert set(Business.objects.get(pk=opened.pk).domains.values_list("domain", "is_primary")) == {
        ("lark-hair.localhost", True),
        ("lark.localhost", False),
    }


def test_step_one_answered_again_changes_the_salon(opened, by):
    services.save_business(progress=opened, fields=FIELDS | {"name": "Lark & Co"}, by=by, now=timezone.now())

    assert Business.objects.get(pk=opened.pk).name == "Lark & Co"


def test_nobody_hoards_addresses(newcomer):
    for _ in range(services.MOST_UNFINISHED):
        services.begin(owner=newcomer, fields=FIELDS, now=timezone.now())

    with pytest.raises(services.TooManyUnfinished):
        services.begin(owner=newcomer, fields=FIELDS, now=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_of_twenty_who_want_one_address_one_gets_it():
    progresses = []
    for number in range(20):
        person = User.objects.create_user(f"owner{number}@race.example", "correct horse battery")
        progresses.append(services.begin(owner=person, fields=FIELDS, now=timezone.now()))

    def want(number):
        try:
            services.choose_address(
                progress=progresses[number], slug="wanted", by=_by(progresses[number]), now=timezone.now()
            )
            services.ensure_salon(progress=OnboardingProgress.objects.get(pk=progresses[number].pk), now=timezone.now())
        except slugs.SlugTaken:
            return "taken"
        return "made"

    outcomes = at_once(20, want)

    assert sorted(outcomes) == ["made"] + ["taken"] * 19
    assert Business.objects.filter(slug="wanted").count() == 1


@pytest.mark.django_db(transaction=True)
def test_page_worker_and_program_at_once_make_one_salon(transactional_db):
    person = User.objects.create_user("mara@lark.example", "correct horse battery")
    progress = services.begin(owner=person, fields=FIELDS, now=timezone.now())
    choose(progress, "lark", _by(progress))

    made = at_once(4, lambda _: services.ensure_salon(progress=progress, now=timezone.now()).business.schema_name)

    assert len(set(made)) == 1


def _by(progress):
    from audit import actors

    return actors.user(progress.owner)
