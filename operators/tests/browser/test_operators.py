"""An operator sets up a second step, lets themselves into a salon, looks around; its owner sees it and ends it."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.utils import timezone

from config.testing_browser import DESK, MARKS, PHONE
from operators.admin import site as operators_site
from operators.models import FailedTask
from operators.tests.conftest import REASON
from tenants.tests.api import PASSWORD
from tenants.tests.totp import code_now

pytestmark = MARKS
SIZES = pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])


def sign_in(page, url, user):
    page.goto(url)
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


@pytest.fixture
def platform(site):
    return f"http://localhost:{site.port}"


@pytest.fixture
def secret(operator):
    key = generate_totp_secret()
    TOTP.activate(operator, key)
    return key


@pytest.fixture
def desk(open_page, platform, operator, secret):
    """A page of an operator who has signed in with both steps."""

    def opened(size):
        page = open_page(viewport=size)
        sign_in(page, f"{platform}/accounts/login/?next=/operators/", operator)
        page.get_by_label("Code").fill(code_now(secret))
        page.get_by_role("button", name="Sign In").click()
        page.wait_for_url("**/operators/")
        return page

    return opened


def test_without_a_second_step_one_is_set_up_first(open_page, platform, operator):
    page = open_page()

    sign_in(page, f"{platform}/accounts/login/?next=/operators/", operator)
    page.wait_for_url("**/accounts/2fa/")

    assert page.get_by_text("The operators’ pages need two-step sign-in").is_visible()


@SIZES
def test_every_page_of_operators_is_accessible_and_fits(desk, platform, site, operator, let_in, violations, size):
    let_in()
    failed = FailedTask.objects.create(
        task_id="1", name="payments.tasks.finish_actions", error="GatewayUnavailable", failed_at=timezone.now()
    )
    page, found = desk(size), {}
    lists = [f"{model._meta.app_label}/{model._meta.model_name}/" for model in operators_site._registry]
    pages = [
        "",
        "background/",
        *lists,
        f"operators/failedtask/{failed.pk}/change/",
        f"operators/failedtask/{failed.pk}/again/",
        f"tenants/business/{site.salon.pk}/change/",
        f"tenants/business/{site.salon.pk}/support/",
        f"tenants/user/{operator.pk}/change/",
        f"tenants/user/{operator.pk}/deactivate/",
    ]

    for path in pages:
        page.goto(f"{platform}/operators/{path}")
        found[path] = violations(page)
        if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
            found[path].append("wider than the screen")

    assert {path: lines for path, lines in found.items() if lines} == {}
    assert page.complaints == []


@SIZES
def test_from_a_reason_to_the_owners_end_of_it(
    desk, open_page, platform, site, owner, operator, secret, violations, size
):
    owner.set_password(PASSWORD)
    owner.save()
    found, page = {}, desk(size)
    page.goto(f"{platform}/operators/tenants/business/{site.salon.pk}/change/")
    page.get_by_role("link", name="Open support access").first.click()
    page.get_by_label("Why").fill(REASON)
    page.get_by_role("button", name="Open support access").click()
    page.get_by_text("You are let in as viewer").wait_for()
    found["salon"] = violations(page)

    inside = open_page(viewport=size)
    sign_in(inside, f"{site.url}/accounts/login/?next=/admin/", operator)
    inside.get_by_label("Code").fill(code_now(secret))
    inside.get_by_role("button", name="Sign In").click()
    inside.wait_for_url("**/admin/")
    inside.goto(f"{site.url}/admin/bookings/service/")
    inside.get_by_text("as Tithi support until").wait_for()
    found["inside"] = violations(inside)

    theirs = open_page(viewport=size)
    sign_in(theirs, f"{platform}/accounts/login/?next=/businesses/{site.salon.pk}/support/", owner)
    theirs.get_by_text("/admin/bookings/service/").wait_for()
    found["owner"] = violations(theirs)
    theirs.get_by_role("button", name="End now").click()
    theirs.get_by_text("Ended. Support is out.").wait_for()
    found["ended"] = violations(theirs)
    refused = inside.goto(f"{site.url}/admin/bookings/service/")

    assert refused.status == 404
    assert {name: lines for name, lines in found.items() if lines} == {}
    assert page.complaints + theirs.complaints == []
    for each in (page, theirs):
        assert each.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_support_ends_itself_from_the_banner(open_page, site, operator, let_in):
    let_in()
    page = open_page()
    sign_in(page, f"{site.url}/accounts/login/?next=/admin/", operator)
    page.wait_for_url("**/admin/")

    page.get_by_role("button", name="End", exact=True).click()
    page.wait_for_url(f"{site.url}/")

    assert page.goto(f"{site.url}/admin/").status == 404
