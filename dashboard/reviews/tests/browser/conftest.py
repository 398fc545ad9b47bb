from config.testing_browser import chromium, open_page, site, stripe_process, violations
from tenants.tests.api import cheap_passwords

__all__ = ["cheap_passwords", "chromium", "open_page", "site", "stripe_process", "violations"]
