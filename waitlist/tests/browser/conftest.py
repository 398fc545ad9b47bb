from config.testing_browser import chromium, open_page, site, violations

__all__ = ["chromium", "open_page", "site", "violations"]
