import pytest

from config.testing_browser import card_site, chromium, open_page, site, stripe_process, violations
from onboarding.tests.browser.walking import opening
from tenants.models import Business

__all__ = ["card_site", "chromium", "open_page", "opening", "site", "stripe_process", "violations"]

PASSWORD = "correct horse battery"


@pytest.fixture
def wizard(site, open_page, owner):
    """`wizard("policies")`: that step of the salon rosa, which is not open yet, for its owner."""
    owner.set_password(PASSWORD)
    owner.save()
    Business.objects.filter(pk=site.salon.pk).update(status="onboarding")

    def opened(step, **options):
        page = open_page(**options)
        page.home = f"http://localhost:{site.port}/onboarding/"
        page.goto(f"http://localhost:{site.port}/accounts/login/?next=/onboarding/{step}/%3Fsalon={site.salon.pk}")
        page.get_by_label("Email").fill(owner.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(f"**/{step}/**")
        return page

    return opened
