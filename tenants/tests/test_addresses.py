"""A salon takes another name: one gets it, the old address leads on, and nobody else gets the old name for a while."""

from datetime import timedelta

import pytest
from django.conf import settings as project
from django.db import connection
from django.test import Client
from django.utils import timezone

from config.testing_racing import at_once
from tenants import hosts, queries, services, slugs
from tenants.models import Business, ClaimedSlug, Domain, ReleasedSlug, host_of

NOW = timezone.now()
CHANGED = "rosa-new"


def move(business, slug=CHANGED, *, keep_old=True, now=NOW):
    return services.change_slug(business=business, slug=slug, now=now, keep_old=keep_old)


def addresses(business):
    return sorted(business.domains.values_list("domain", "is_primary"))


def get(host, path="/", method="get", **data):
    return getattr(Client(HTTP_HOST=host), method)(path, **data)


def test_the_salon_is_at_its_new_address_and_keeps_the_old_one(rosa):
    old = rosa.host

    moved = move(rosa)

    assert (moved.slug, moved.host) == (CHANGED, host_of(CHANGED))
    assert addresses(rosa) == sorted([(old, False), (host_of(CHANGED), True)])
    assert list(ReleasedSlug.objects.values_list("slug", "released_at")) == [("rosa", NOW)]


def test_a_salon_that_was_never_published_leaves_nothing_behind(rosa):
    move(rosa, keep_old=False)

    assert addresses(rosa) == [(host_of(CHANGED), True)]
    assert ReleasedSlug.objects.count() == 0
    assert services.open_business(slug="rosa", name="x").slug == "rosa"


def test_asked_for_its_own_name_nothing_changes(rosa):
    assert move(rosa, "rosa").slug == "rosa"

    assert addresses(rosa) == [(rosa.host, True)]
    assert ReleasedSlug.objects.count() == 0


@pytest.mark.parametrize(
    ("slug", "error"),
    [("ab", slugs.SlugInvalid), ("xn--a", slugs.SlugInvalid), ("www", slugs.SlugReserved), ("nora", slugs.SlugTaken)],
)
def test_a_name_that_cannot_be_had_changes_nothing(rosa, nora, slug, error):
    with pytest.raises(error):
        move(rosa, slug)

    assert Business.objects.get(pk=rosa.pk).slug == "rosa"
    assert addresses(rosa) == [(rosa.host, True)]
    assert ReleasedSlug.objects.count() == 0


def test_the_old_name_is_nobody_elses_for_ninety_days(rosa, nora):
    move(rosa)

    for take in (lambda: move(nora, "rosa"), lambda: services.open_business(slug="rosa", name="x")):
        with pytest.raises(slugs.SlugTaken):
            take()
    assert queries.free_slugs(["rosa", "rosa-free"]) == ["rosa-free"]


def test_an_old_name_of_its_own_is_taken_back(rosa):
    move(move(rosa))

    back = move(rosa, "rosa")

    assert back.slug == "rosa"
    assert addresses(rosa) == sorted([(host_of("rosa"), True), (host_of(CHANGED), False)])
    assert list(ReleasedSlug.objects.values_list("slug", flat=True)) == [CHANGED]


def test_a_name_promised_to_another_salon_is_taken(rosa, nora):
    ClaimedSlug.objects.create(slug=CHANGED, business_id=nora.pk, claimed_at=NOW)

    for take in (lambda: move(rosa), lambda: services.open_business(slug=CHANGED, name="x")):
        with pytest.raises(slugs.SlugTaken):
            take()
    assert queries.free_slugs([CHANGED]) == []
    assert move(nora).slug == CHANGED
    assert ClaimedSlug.objects.count() == 0


def test_the_salon_a_name_is_promised_to_opens_with_it(rosa):
    claim = ClaimedSlug.objects.create(
        slug="promised", business_id="5f4a7a1e-6f43-4f53-9b3e-000000000001", claimed_at=NOW
    )

    opened = services.open_business(slug="promised", name="x", id=claim.business_id)

    assert str(opened.pk) == claim.business_id
    assert ClaimedSlug.objects.count() == 0


def test_after_ninety_days_the_old_address_leads_nowhere_and_the_name_is_free(rosa):
    old = rosa.host
    move(rosa)

    early = services.drop_old_addresses(now=NOW + slugs.BLOCKED_FOR - timedelta(seconds=1))
    due = services.drop_old_addresses(now=NOW + slugs.BLOCKED_FOR)

    assert (early, due) == ([], [old])
    assert get(old).status_code == 404
    assert services.open_business(slug="rosa", name="x").slug == "rosa"


def test_a_salon_that_closes_takes_its_old_names_along(rosa):
    Domain.objects.create(domain="rosa-studio.example", tenant=rosa, is_primary=False)
    moved = move(rosa)
    later = NOW + timedelta(days=80)

    services.close_for_good(business=moved, now=later)

    assert set(ReleasedSlug.objects.values_list("slug", "released_at")) == {("rosa", later), (CHANGED, later)}
    assert services.drop_old_addresses(now=NOW + slugs.BLOCKED_FOR) == []


def test_nobody_gets_a_name_of_a_salon_that_is_gone(rosa, nora):
    """No address leads there any more; that it was given up lately is all that keeps it."""
    services.close_for_good(business=move(rosa), now=timezone.now())

    for slug in ("rosa", CHANGED):
        for take in (
            lambda slug: move(nora, slug),
            lambda slug: services.open_business(slug=slug, name="x"),
            lambda slug: services.claim_slug(slug=slug, business_id=nora.pk, now=NOW),
        ):
            with pytest.raises(slugs.SlugTaken):
                take(slug)
    assert queries.free_slugs(["rosa", CHANGED]) == []


def test_the_old_address_leads_to_the_same_page_of_the_new_one(rosa):
    old = rosa.host
    moved = move(move(rosa, "rosa-between"))

    for host in (old, host_of("rosa-between")):
        for method in ("get", "head"):
            answer = get(host, "/b/abc/?from=mail&x=%20", method)
            assert (answer.status_code, answer["Location"]) == (301, f"{moved.url}/b/abc/?from=mail&x=%20")
            assert answer["Cache-Control"] == "no-cache"


def test_a_page_that_was_open_meanwhile_is_answered_where_it_was(rosa):
    old = rosa.host
    move(rosa)

    assert get(old, "/gift-cards/balance/", "post").status_code == 200


def test_the_new_address_is_served_at_once(rosa, settings):
    settings.HOST_CACHE_SECONDS = 60
    for host in (rosa.host, host_of(CHANGED)):
        hosts.business_for(host)

    with_commit = move_committed(rosa)

    assert hosts.business_for(rosa.host).host == with_commit.host == hosts.business_for(host_of(CHANGED)).host


def test_all_names_of_a_salon_are_forgotten_with_its_address(rosa, nora, settings):
    settings.HOST_CACHE_SECONDS = 60
    Domain.objects.create(domain="rosa-studio.example", tenant=rosa, is_primary=False)
    for host in ("rosa-studio.example", nora.host):
        hosts.business_for(host)

    hosts.forget(rosa.host)

    assert set(hosts._entries) == {nora.host}


def move_committed(business):
    """What is done on commit, done: a test's own transaction never commits."""
    from django.test import TestCase

    with TestCase.captureOnCommitCallbacks(execute=True):
        return move(business)


def ask(take):
    try:
        return take().slug
    except slugs.SlugTaken as exc:
        return exc.code


@pytest.mark.django_db(transaction=True)
def test_of_salons_that_want_one_name_at_once_one_gets_it(rosa, nora):
    third = services.open_business(slug="third", name="x")
    salons = [rosa, nora, third]

    for number in range(5):
        name = f"wanted-{number}"
        answers = at_once(3, lambda index, name=name: ask(lambda: move(salons[index], name)))
        assert sorted(answers) == ["subdomain_taken", "subdomain_taken", name]
        assert Domain.objects.filter(domain=host_of(name)).count() == 1


@pytest.mark.django_db(transaction=True)
def test_moving_and_opening_at_once_have_one_winner(rosa):
    for number in range(5):
        name = f"wanted-{number}"
        takes = [lambda name=name: move(rosa, name), lambda name=name: services.open_business(slug=name, name="x")]
        assert sorted(at_once(2, lambda index, takes=takes: ask(takes[index]))) == ["subdomain_taken", name]


@pytest.mark.django_db(transaction=True)
def test_salons_that_trade_names_at_once_do_not_hang(rosa, nora):
    for _ in range(5):
        pair = list(Business.objects.filter(pk__in=[rosa.pk, nora.pk]).order_by("pk"))
        wanted = [pair[1].slug, pair[0].slug]
        answers = at_once(2, lambda index, pair=pair, wanted=wanted: ask(lambda: move(pair[index], wanted[index])))
        assert answers == ["subdomain_taken", "subdomain_taken"]


@pytest.mark.django_db(transaction=True)
def test_the_database_itself_gives_a_name_once(rosa, nora, monkeypatch):
    """Without the lock and without the question, the constraint is what says no."""
    from tenants.services import names

    monkeypatch.setattr(names, "lock", lambda *names: None)
    monkeypatch.setattr(names, "refuse_taken", lambda slug, **kwargs: None)
    salons = [rosa, nora]

    for number in range(5):
        name = f"wanted-{number}"
        answers = at_once(2, lambda index, name=name: ask(lambda: move(salons[index], name)))
        assert sorted(answers) == ["subdomain_taken", name]
    assert connection.schema_name == "public"
    assert Domain.objects.filter(is_primary=True, tenant__in=salons).count() == 2
    assert project.PLATFORM_DOMAIN in rosa.host
