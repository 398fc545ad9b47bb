from config.testing_browser import card_site, chromium, open_page, site, stripe_process, violations

__all__ = ["card_site", "chromium", "open_page", "site", "stripe_process", "violations"]
