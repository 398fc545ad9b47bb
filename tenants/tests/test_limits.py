import time

import pytest
from django.test import RequestFactory
from redis.exceptions import ConnectionError as RedisGone

from tenants import addresses, limits

HERE = "203.0.113.7"
THREE = limits.Limit("test", times=3, seconds=60)
CLOSED = limits.Limit("test-closed", times=3, seconds=60, closed=True)


@pytest.fixture(autouse=True)
def _fresh(db):
    limits.forget()
    yield
    limits.forget()


@pytest.fixture
def no_cache(monkeypatch):
    """Redis is away; returns the calls that were tried."""
    tried = []

    def gone(*args, **kwargs):
        tried.append(args)
        raise RedisGone

    monkeypatch.setattr(limits.cache, "add", gone, raising=False)
    return tried


def passed(limit, who="ada", address=HERE, times=5):
    count = 0
    for _ in range(times):
        try:
            limits.take(limit, who, address=address)
        except (limits.TooMany, limits.NotNow):
            continue
        count += 1
    return count


def test_a_limit_lets_so_many_through_for_each():
    assert (passed(THREE), passed(THREE), passed(THREE, who="bob")) == (3, 0, 3)


def test_what_is_given_back_does_not_count():
    for _ in range(5):
        limits.take(THREE, "ada", address=HERE)
        limits.give_back(THREE, "ada", address=HERE)

    assert passed(THREE) == 3


@pytest.mark.parametrize("away", [False, True], ids=("cache", "process"))
def test_a_limit_starts_anew_when_its_time_is_over(away, request):
    if away:
        request.getfixturevalue("no_cache")
    brief = limits.Limit("brief", times=1, seconds=1)
    assert passed(brief) == 1

    time.sleep(1.1)

    assert passed(brief) == 1


@pytest.mark.parametrize(("counted", "through"), [(True, 3), (False, 5)])
def test_loopback_is_exempt_unless_settings_say_otherwise(settings, counted, through):
    settings.LIMIT_LOOPBACK = counted

    assert passed(THREE, address="127.0.0.1") == through
    assert passed(THREE, who="bob", address="::1") == through


def test_limits_hold_without_the_cache(no_cache):
    assert (passed(THREE), passed(THREE)) == (3, 0)


def test_what_must_be_counted_is_refused_without_the_cache(no_cache):
    with pytest.raises(limits.NotNow):
        limits.take(CLOSED, "ada", address=HERE)


def test_the_cache_is_left_alone_after_a_failure(no_cache):
    passed(THREE)

    assert len(no_cache) == 1


def test_what_is_given_back_without_the_cache_does_not_count(no_cache):
    for _ in range(5):
        limits.take(THREE, "ada", address=HERE)
        limits.give_back(THREE, "ada", address=HERE)

    assert passed(THREE) == 3


@pytest.mark.parametrize("away", [False, True], ids=("cache", "process"))
def test_salons_count_apart_and_logins_together(rosa, nora, away, request):
    from django_tenants.utils import tenant_context

    if away:
        request.getfixturevalue("no_cache")
    everywhere = limits.Limit("test-everywhere", times=3, seconds=60, everywhere=True)
    counts = []
    for business in (rosa, nora):
        with tenant_context(business):
            counts.append((passed(THREE), passed(everywhere)))

    assert counts == [(3, 3), (3, 0)]


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),
        ("10.0.0.2", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.2", "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.2", "198.51.100.1, 10.0.0.9", "198.51.100.1"),
        ("10.0.0.2", "198.51.100.1, rubbish", "10.0.0.2"),
        ("10.0.0.2", "", "10.0.0.2"),
        ("::ffff:203.0.113.7", "", "203.0.113.7"),
        ("", "198.51.100.1", None),
    ],
)
def test_only_the_trusted_proxy_is_believed(settings, peer, forwarded, expected):
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]

    request = RequestFactory().get("/", REMOTE_ADDR=peer, headers={"X-Forwarded-For": forwarded})

    assert addresses.client_address(request) == expected


def test_without_a_proxy_nobody_is_believed(settings):
    settings.TRUSTED_PROXIES = []

    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.2", headers={"X-Forwarded-For": "127.0.0.1"})

    assert addresses.client_address(request) == "10.0.0.2"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("203.0.113.1", "203.0.113.2", False),
    ],
)
def test_a_subscriber_is_one_bucket(one, other, same):
    assert (addresses.bucket(one) == addresses.bucket(other)) is same


@pytest.mark.parametrize("away", [False, True], ids=("cache", "process"))
def test_looking_at_a_limit_counts_nothing(away, request):
    if away:
        request.getfixturevalue("no_cache")

    for _ in range(5):
        limits.check(THREE, "ada", address=HERE)
    let_in = passed(THREE)

    assert let_in == 3
    with pytest.raises(limits.TooMany):
        limits.check(THREE, "ada", address=HERE)
    limits.check(THREE, "bob", address=HERE)
