"""Where one is signed in: one list for all hosts, and ending means ended."""

from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tenants.utils import tenant_context

from accounts import devices, exports, presence, queries, services, tasks
from accounts.models import SignIn
from accounts.services import sign_ins
from tenants.models import Membership, Role
from tenants.tests.api import ELSEWHERE, NO_STATIC, signed_in

pytestmark = NO_STATIC
PASSWORD = "correct horse battery"
PAGE = "/accounts/sessions/"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Mobile/15E148 Safari/604.1"
)


@pytest.fixture
def everywhere(client_for, rosa, nora, staff):
    """One person's browsers on three hosts: {"rosa", "nora", "platform"}."""
    Membership.objects.create(user=staff, business=nora, role=Role.STAFF)
    return {name: client_for(host, staff) for name, host in (("rosa", rosa), ("nora", nora), ("platform", None))}


def is_in(browser):
    return browser.get("/accounts/email/").status_code == 200


def the_one_at(business, user):
    return SignIn.objects.get(user=user, business=business)


@pytest.mark.parametrize("name", ["rosa", "nora", "platform"])
def test_every_host_shows_one_list(everywhere, name):
    page = everywhere[name].get(PAGE).text

    assert page.count('class="panel') == 3
    assert page.count("This browser") == 1
    assert [host in page for host in ("Rosa Studio", "Tithi")] == [True, True]


def test_what_is_told_of_a_sign_in(client_for, rosa, staff):
    browser = client_for(rosa)
    form = {"login": staff.email, "password": PASSWORD}
    browser.post("/accounts/login/", form, REMOTE_ADDR=ELSEWHERE, headers={"User-Agent": PHONE})
    page = client_for(None, staff).get(PAGE).text

    assert "Safari on iPhone" in page
    assert f"Rosa Studio · {ELSEWHERE}" in page


def test_only_ones_own_are_listed(client_for, staff, admin):
    client_for(None, admin)

    assert client_for(None, staff).get(PAGE).text.count('class="panel') == 1


def test_ending_one_signs_out_there_and_nowhere_else(everywhere, nora, staff):
    answer = everywhere["rosa"].post(f"{PAGE}{the_one_at(nora, staff).pk}/end/")

    assert answer.status_code == 302
    assert {name: is_in(browser) for name, browser in everywhere.items()} == {
        "rosa": True,
        "nora": False,
        "platform": True,
    }
    assert SignIn.objects.filter(user=staff).count() == 2


def test_ending_the_others_leaves_this_one(everywhere, client_for, staff, admin):
    somebody = client_for(None, admin)

    everywhere["platform"].post(f"{PAGE}end-others/")

    assert {name: is_in(browser) for name, browser in everywhere.items()} == {
        "rosa": False,
        "nora": False,
        "platform": True,
    }
    assert is_in(somebody)


def test_ending_the_others_ends_programs_too(everywhere, rosa, staff):
    api = signed_in(rosa, staff)
    before = api.get("/auth/me").status_code

    everywhere["platform"].post(f"{PAGE}end-others/")

    assert (before, api.get("/auth/me").status_code) == (200, 401)


def test_ending_this_one_signs_out(everywhere, staff):
    answer = everywhere["platform"].post(f"{PAGE}{the_one_at(None, staff).pk}/end/")

    assert answer["Location"] == "/accounts/login/"
    assert not is_in(everywhere["platform"])
    assert is_in(everywhere["rosa"])


def test_nobody_ends_somebody_elses(client_for, staff, admin):
    theirs = client_for(None, admin)
    row = SignIn.objects.get(user=admin)

    answer = client_for(None, staff).post(f"{PAGE}{row.pk}/end/", follow=True)

    assert "This sign-in has ended already." in answer.text
    assert is_in(theirs)


def test_strangers_and_other_sites_end_nothing(everywhere, client_for, staff):
    everywhere["rosa"].handler.enforce_csrf_checks = True
    paths = (f"{PAGE}end-others/", f"{PAGE}{SignIn.objects.first().pk}/end/")

    assert [client_for(None).post(path).status_code for path in paths] == [302, 302]
    assert [everywhere["rosa"].post(path).status_code for path in paths] == [403, 403]
    assert [everywhere["nora"].get(path).status_code for path in paths] == [405, 405]
    assert SignIn.objects.filter(user=staff).count() == 3


def test_signing_out_leaves_the_list(everywhere, nora, staff):
    everywhere["nora"].post("/accounts/logout/")

    assert not SignIn.objects.filter(user=staff, business=nora).exists()


def test_a_changed_password_ends_the_others(everywhere, staff, rosa):
    form = {"oldpassword": PASSWORD, "password1": "quite another one", "password2": "quite another one"}
    everywhere["rosa"].post("/accounts/password/change/", form)

    assert {name: is_in(browser) for name, browser in everywhere.items()} == {
        "rosa": True,
        "nora": False,
        "platform": False,
    }
    assert [row.business for row in queries.sign_ins_of(staff, now=timezone.now())] == [rosa]


def test_a_password_that_was_reset_ends_all(everywhere, staff, rosa):
    from tenants.api import accounts

    accounts.set_password(staff, "quite another one")

    assert [is_in(browser) for browser in everywhere.values()] == [False] * 3
    assert SignIn.objects.count() == 0


def test_the_next_person_at_one_browser_has_a_sign_in_of_their_own(client_for, rosa, staff, admin):
    browser = client_for(rosa, staff)
    browser.post("/accounts/logout/")
    browser.post("/accounts/login/", {"login": admin.email, "password": PASSWORD})

    assert list(SignIn.objects.values_list("user", flat=True)) == [admin.pk]


def test_a_session_that_was_ended_stays_ended_though_it_were_kept(client_for, rosa, staff):
    """Somebody brings the session's row back; the list says no."""
    browser = client_for(rosa, staff)
    with tenant_context(rosa):
        kept = Session.objects.get()
    sign_ins.end_all(user=staff)
    with tenant_context(rosa):
        kept.save(force_insert=True)
    presence._fresh.clear()
    browser.get("/accounts/email/")

    assert not is_in(browser)


def test_a_session_older_than_the_list_comes_onto_it(client_for, rosa, staff):
    browser = client_for(rosa, staff)
    SignIn.objects.all().delete()
    session = browser.session
    del session[presence.SIGN_IN]
    session.save()

    browser.get("/accounts/email/")

    assert the_one_at(rosa, staff).session_key == browser.session.session_key


# What it costs ---------------------------------------------------------------------------------------


def writes_of(browser):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        browser.get("/accounts/email/")
    return [query["sql"] for query in captured if "accounts_signin" in query["sql"]]


def test_a_request_costs_no_query_more(client_for, rosa, staff):
    browser = client_for(rosa, staff)

    assert [writes_of(browser) for _ in range(3)] == [[], [], []]


def test_after_five_minutes_it_is_one(client_for, rosa, staff, monkeypatch):
    browser = client_for(rosa, staff)
    SignIn.objects.update(seen_at=timezone.now() - timedelta(hours=1))
    later = presence.time.monotonic() + presence.REFRESH_SECONDS + 1
    monkeypatch.setattr("accounts.presence.time.monotonic", lambda: later)

    counts = [len(writes_of(browser)) for _ in range(2)]

    assert counts == [1, 0]
    assert timezone.now() - SignIn.objects.get().seen_at < timedelta(minutes=1)


def test_a_stranger_costs_nothing(salon_client, rosa):
    assert writes_of(salon_client) == []


def test_the_list_asks_each_host_once(client_for, rosa, staff, django_assert_num_queries):
    for _ in range(3):
        client_for(rosa, staff)

    with django_assert_num_queries(2):
        rows = queries.sign_ins_of(staff, now=timezone.now())

    assert len(rows) == 3


# What is left of it ----------------------------------------------------------------------------------


def test_sessions_that_ran_out_are_not_listed_and_are_forgotten(everywhere, rosa, staff, monkeypatch):
    queued = []
    monkeypatch.setattr(tasks, "for_each_salon", queued.append)
    past = timezone.now() - timedelta(seconds=1)
    Session.objects.update(expire_date=past)
    with tenant_context(rosa):
        Session.objects.update(expire_date=past)
    SignIn.objects.filter(business=rosa).update(
        seen_at=timezone.now() - timedelta(seconds=django_settings.SESSION_COOKIE_AGE, days=2)
    )

    listed = [row.business.slug for row in queries.sign_ins_of(staff, now=timezone.now())]
    tasks.forget_ended_sign_ins()
    with tenant_context(rosa):
        tasks.forget_sessions()
        left = Session.objects.count()

    assert listed == ["nora"]
    assert (Session.objects.count(), left, queued) == (0, 0, [tasks.forget_sessions])
    assert not SignIn.objects.filter(business=rosa).exists()


def test_nothing_that_lives_is_forgotten(everywhere, rosa, monkeypatch):
    monkeypatch.setattr(tasks, "for_each_salon", lambda task: None)

    tasks.forget_ended_sign_ins()
    with tenant_context(rosa):
        tasks.forget_sessions()

    assert [is_in(browser) for browser in everywhere.values()] == [True] * 3


def test_the_export_tells_of_sign_ins_and_holds_no_key(everywhere, staff):
    found = exports.everything_about(staff)

    rows = found["records"]["accounts.signin"]
    keys = SignIn.objects.values_list("session_key", flat=True)
    assert len(rows) == 3
    assert not any(key in str(found) for key in keys)


def test_a_deleted_account_has_no_sign_ins(everywhere, staff):
    services.erase_account(user=staff, address="127.0.0.1", now=timezone.now())

    assert SignIn.objects.count() == 0
    assert Session.objects.count() == 0
    assert SESSION_KEY not in everywhere["platform"].session


AGENTS = {
    PHONE: "Safari on iPhone",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0": "Edge on Windows",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0": "Firefox on Windows",
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36": "Chrome on Android",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1 Version/18.0 Safari/605.1": "Safari on Mac",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 OPR/120.0": "Opera on Linux",
    "curl/8.0": "A browser",
    "": "A browser",
}


@pytest.mark.parametrize(("agent", "words"), AGENTS.items(), ids=AGENTS.values())
def test_devices_have_names(agent, words):
    assert devices.describe(agent) == words
