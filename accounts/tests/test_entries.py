"""From “My salons” into a salon without signing in again: one person, one salon, one use, half a minute."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import RequestFactory
from django.utils import timezone
from django_tenants.utils import tenant_context

from accounts import services
from accounts.models import Entry
from accounts.services import sign_ins
from audit.models import AuditEntry
from config.testing_racing import at_once
from tenants import hosts
from tenants.models import Business, BusinessStatus, Membership, Role, User
from tenants.tests.api import NO_STATIC

pytestmark = NO_STATIC
PASSWORD = "correct horse battery"
HERE = "127.0.0.1"
STRAIGHT = {"Sec-Fetch-Site": "same-site"}


def press(browser, business):
    """Press “Go to work”: where the platform sends the browser."""
    return browser.post(f"/businesses/{business.pk}/enter/")


def path_of(answer):
    address = urlsplit(answer["Location"])
    return f"{address.path}?{address.query}"


def opened(user, business, now=None, methods=()):
    return services.open_entry(user=user, business=business, methods=list(methods), now=now or timezone.now())


def use(token, business, now=None):
    return services.use_entry(token=token, business=business, address=HERE, now=now or timezone.now())


def who(browser):
    return browser.session.get("_auth_user_id")


def test_one_press_leads_into_the_salons_dashboard(client_for, rosa, staff):
    salon = client_for(rosa)

    sent = press(client_for(None, staff), rosa)
    answer = salon.get(path_of(sent), headers=STRAIGHT)

    assert sent["Location"].startswith(f"{rosa.url}/accounts/enter/?token=")
    assert answer["Location"] == "/dashboard/"
    assert salon.get("/admin/").status_code == 200
    with tenant_context(rosa):
        entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor_id, entry.address) == ("team.entered", staff.pk, HERE)


@pytest.mark.parametrize("site", ["cross-site", "none", ""])
def test_a_followed_link_signs_nobody_in_before_a_press(client_for, rosa, staff, site):
    """Else somebody else's link could sign a person in as its maker."""
    salon, path = client_for(rosa), path_of(press(client_for(None, staff), rosa))

    page = salon.get(path, headers={"Sec-Fetch-Site": site})
    before = who(salon)
    salon.post("/accounts/enter/", {"token": path.partition("token=")[2]})

    assert f"signed in at Rosa Studio as {staff.email}" in page.text
    assert (before, who(salon)) == (None, str(staff.pk))


def test_the_press_is_the_pages_own(client_for, rosa, staff):
    salon, token = client_for(rosa), opened(staff, rosa)
    salon.handler.enforce_csrf_checks = True

    assert salon.post("/accounts/enter/", {"token": token}).status_code == 403
    assert Entry.objects.count() == 1


def test_a_look_ahead_uses_nothing_up(client_for, rosa, staff):
    token = opened(staff, rosa)

    client_for(rosa).head(f"/accounts/enter/?token={token}", headers=STRAIGHT)

    assert Entry.objects.count() == 1


def test_the_database_keeps_no_way_in(rosa, staff):
    token = opened(staff, rosa)

    assert token not in str(Entry.objects.values().get())


def test_a_token_works_once(client_for, rosa, staff):
    token = opened(staff, rosa)
    client_for(rosa).get(f"/accounts/enter/?token={token}", headers=STRAIGHT)
    thief = client_for(rosa)

    answer = thief.get(f"/accounts/enter/?token={token}", headers=STRAIGHT)

    assert answer.status_code == 404
    assert "This does not open anything" in answer.text
    assert who(thief) is None


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_is_let_in(rosa, staff):
    token = opened(staff, rosa)

    def enter(number):
        try:
            return use(token, rosa).user.email
        except services.NoEntry as exc:
            return exc.code

    assert sorted(at_once(2, enter)) == sorted(["no_entry", staff.email])


@pytest.mark.parametrize(("seconds", "lets_in"), [(29, True), (30, False)], ids=["in time", "too late"])
def test_a_token_lasts_thirty_seconds(rosa, staff, seconds, lets_in):
    now = timezone.now()
    token = opened(staff, rosa, now=now)

    try:
        entered = use(token, rosa, now=now + timedelta(seconds=seconds)).user == staff
    except services.NoEntry:
        entered = False

    assert entered == lets_in


def test_a_token_is_for_its_salon(client_for, rosa, nora, staff):
    Membership.objects.create(user=staff, business=nora, role=Role.STAFF)
    token, other = opened(staff, rosa), client_for(nora)

    answers = [
        other.get(f"/accounts/enter/?token={token}", headers=STRAIGHT),
        other.get(f"/accounts/enter/?token={token}"),
        other.post("/accounts/enter/", {"token": token}),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert who(other) is None
    assert use(token, rosa).user == staff


@pytest.mark.parametrize("token", ["", "x", "\x00", "a" * 500])
def test_what_is_no_token_opens_nothing(salon_client, token):
    assert salon_client.get("/accounts/enter/", {"token": token}, headers=STRAIGHT).status_code == 404
    assert salon_client.post("/accounts/enter/", {"token": token}).status_code == 404


def test_who_is_not_in_the_team_finds_no_door(client_for, nora, staff):
    assert press(client_for(None, staff), nora).status_code == 404
    assert Entry.objects.count() == 0


def test_operators_are_no_members(client_for, rosa):
    operator = User.objects.create_user("op@tithi.example", PASSWORD, is_operator=True)

    assert press(client_for(None, operator), rosa).status_code == 404


def test_strangers_sign_in_first_and_other_sites_press_nothing(client_for, rosa, staff):
    browser = client_for(None, staff)
    browser.handler.enforce_csrf_checks = True

    assert press(client_for(None), rosa)["Location"].startswith("/accounts/login/")
    assert press(browser, rosa).status_code == 403
    assert client_for(None, staff).get(f"/businesses/{rosa.pk}/enter/").status_code == 405


def removed(staff, rosa):
    Membership.objects.filter(user=staff).delete()


def locked_out(staff, rosa):
    User.objects.filter(pk=staff.pk).update(is_active=False)


def signed_out_everywhere(staff, rosa):
    sign_ins.end_others(user=staff, keep=None)


@pytest.mark.parametrize("meanwhile", [removed, locked_out, signed_out_everywhere])
def test_what_happens_meanwhile_counts(rosa, staff, meanwhile):
    token = opened(staff, rosa)
    meanwhile(staff, rosa)

    with pytest.raises(services.NoEntry):
        use(token, rosa)

    with tenant_context(rosa):
        assert AuditEntry.objects.count() == 0


def test_a_second_press_ends_the_first_token(rosa, staff):
    first, second = opened(staff, rosa), opened(staff, rosa)

    with pytest.raises(services.NoEntry):
        use(first, rosa)
    assert use(second, rosa).user == staff


def test_whoever_is_signed_in_there_is_replaced(client_for, rosa, staff, admin):
    salon = client_for(rosa, admin)

    salon.get(f"/accounts/enter/?token={opened(staff, rosa)}", headers=STRAIGHT)

    assert who(salon) == str(staff.pk)


# The second step -------------------------------------------------------------------------------------


def test_an_account_with_a_second_step_does_not_skip_it(client_for, rosa, staff):
    browser = client_for(None, staff)
    TOTP.activate(staff, generate_totp_secret())

    assert press(browser, rosa)["Location"] == f"{rosa.url}/accounts/login/?next=/admin/"
    assert Entry.objects.count() == 0


def test_a_second_step_set_up_meanwhile_is_not_skipped_either(rosa, staff):
    token = opened(staff, rosa)
    TOTP.activate(staff, generate_totp_secret())

    with pytest.raises(services.NoEntry):
        use(token, rosa)


def test_how_somebody_signed_in_is_known_there_too(client_for, rosa, staff):
    TOTP.activate(staff, generate_totp_secret())
    methods = [{"method": "password", "at": 1.0}, {"method": "mfa", "type": "totp", "at": 2.0, "reauthenticated": True}]
    salon = client_for(rosa)

    salon.get(f"/accounts/enter/?token={opened(staff, rosa, methods=methods)}", headers=STRAIGHT)

    request = RequestFactory().get("/")
    request.session = salon.session
    records = get_authentication_records(request, staff)
    assert [record["method"] for record in records] == ["password", "mfa", "platform"]
    assert not any("reauthenticated" in record for record in records)


def test_what_changes_who_signs_in_is_asked_for_there_again(client_for, rosa, staff):
    platform, salon = client_for(None), client_for(rosa)
    platform.post("/accounts/login/", {"login": staff.email, "password": PASSWORD})
    platform.post("/accounts/reauthenticate/", {"password": PASSWORD})
    salon.get(path_of(press(platform, rosa)), headers=STRAIGHT)

    assert salon.get("/accounts/2fa/totp/activate/")["Location"].startswith("/accounts/reauthenticate/")


# My salons -------------------------------------------------------------------------------------------


def test_each_salon_shows_role_site_and_way_in(client_for, rosa, nora, staff):
    Membership.objects.create(user=staff, business=nora, role=Role.ADMIN)

    page = client_for(None, staff).get("/businesses/")

    for business in (rosa, nora):
        assert f'action="/businesses/{business.pk}/enter/"' in page.text
        assert f'href="{business.url}/"' in page.text
        assert business.url in page["Content-Security-Policy"]
    assert [page.text.count(f'eyebrow">{role}<') for role in ("Staff", "Admin")] == [1, 1]


@pytest.mark.parametrize("status", [BusinessStatus.ONBOARDING, BusinessStatus.PAUSED, BusinessStatus.CANCELED])
def test_a_salon_that_is_closed_to_visitors_lets_its_team_in(client_for, rosa, staff, status):
    token = opened(staff, rosa)
    Business.objects.filter(pk=rosa.pk).update(status=status)
    salon = client_for(rosa)

    salon.post("/accounts/enter/", {"token": token})

    assert who(salon) == str(staff.pk)


def test_one_account_signs_in_on_every_salons_host_too(client_for, rosa, nora, staff):
    Membership.objects.create(user=staff, business=nora, role=Role.STAFF)

    for business in (rosa, nora):
        salon = client_for(business)
        answer = salon.post("/accounts/login/", {"login": staff.email, "password": PASSWORD})
        assert (answer["Location"], salon.get("/admin/").status_code) == ("/dashboard/", 200)


def test_the_salons_admin_leads_back(client_for, rosa, staff):
    assert f'href="{hosts.platform_url()}/businesses/"' in client_for(rosa, staff).get("/admin/").text


def test_tokens_nobody_used_are_forgotten(rosa, staff):
    opened(staff, rosa, now=timezone.now() - timedelta(minutes=1))

    sign_ins.forget_ended(now=timezone.now(), lifetime=timedelta(days=15))

    assert Entry.objects.count() == 0
