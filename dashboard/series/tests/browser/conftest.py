from dashboard.tests.browser.conftest import card_site, chromium, desk, open_page, site, stripe_process, violations

__all__ = ["card_site", "chromium", "desk", "open_page", "site", "stripe_process", "violations"]
