"""The pages of calendars in a real browser: phone and desk, light and dark, and without scripts."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings.models import TeamMember, TimeBlock
from config.testing_browser import LOOKS, MARKS, PHONE, sign_in
from feeds.models import FeedLink
from feeds.tests.making import busy_at
from tenants.models import Membership

pytestmark = MARKS
LONG = "Wolfeschlegelsteinhausenbergerdorff"
HERE = "/dashboard/settings/calendars/"


@pytest.fixture
def boss(member):
    return member("owner")


@pytest.fixture
def at_work(open_page, site, boss):
    def opened(path=HERE, **context):
        page = open_page(**context)
        sign_in(page, site, boss, path)
        return page

    return opened


@pytest.fixture
def paths(site, boss):
    """Every page, with something on it that is hard to fit."""
    ines, now = TeamMember.objects.get(first_name="Ines"), timezone.now()
    membership = Membership.objects.get(user=boss)
    FeedLink.objects.create(
        name=LONG, team_member=ines, digest="x", made_by_id=boss.pk, membership_id=membership.pk, created_at=now
    )
    busy = busy_at(
        ines,
        "https://calendar.example/a.ics",
        name=LONG,
        made_by_id=boss.pk,
        due_at=now,
        odd=2,
        last_error="The other calendar answers 500.",
    )
    start = now + timedelta(days=2)
    TimeBlock.objects.create(team_member=ines, starts_at=start, ends_at=start + timedelta(hours=9), source_id=busy.pk)
    return [HERE, f"{HERE}busy/new/", f"{HERE}busy/{busy.pk}/"]


@LOOKS
def test_everybody_can_read_and_use_the_pages(at_work, site, paths, violations, viewport, scheme):
    page, found, wide = at_work(viewport=viewport, color_scheme=scheme), [], {}

    for path in paths:
        page.goto(f"{site.url}{path}")
        found += [f"{path}: {line}" for line in violations(page)]
        wide[path] = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")

    assert found == []
    assert wide == dict.fromkeys(wide, False)
    assert page.complaints == []


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_an_owner_makes_an_address_and_revokes_it(at_work, violations, scripts):
    page = at_work(viewport=PHONE, java_script_enabled=scripts)

    page.get_by_label("What it is for").fill("My phone")
    page.get_by_role("button", name="Make the address").click()

    assert "/calendar/" in page.get_by_role("alert").locator("code").inner_text()
    if scripts:
        assert violations(page) == []
    page.get_by_role("button", name="Revoke My phone").click()
    page.get_by_text("Revoked: My phone").wait_for()
    assert FeedLink.objects.kept().count() == 0
