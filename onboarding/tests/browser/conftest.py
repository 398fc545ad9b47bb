from config.testing_browser import chromium, open_page, site, violations
from onboarding.tests.browser.walking import opening

__all__ = ["chromium", "open_page", "opening", "site", "violations"]
