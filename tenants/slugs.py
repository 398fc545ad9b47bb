"""Which names a salon's address may have. Pure."""

import re
from datetime import timedelta

from django.utils.text import slugify

from tenants.errors import DomainError

#: How long nobody gets a name that a salon has given up.
BLOCKED_FOR = timedelta(days=90)
SHAPE = re.compile(r"\A[a-z0-9](?:[a-z0-9-]{1,38})[a-z0-9]\Z")
# fmt: off
RESERVED = frozenset((
    "about", "abuse", "account", "accounts", "admin", "administrator", "api", "app", "assets", "auth", "autoconfig",
    "autodiscover", "beta", "billing", "blog", "book", "booking", "bookings", "business", "businesses", "cdn",
    "cname", "connect", "contact", "dashboard", "demo", "dev", "directory", "dns", "docs", "download", "email",
    "embed", "events", "faq", "feedback", "files", "ftp", "gift", "gift-cards", "health", "help", "home", "host",
    "hostmaster", "images", "imap", "img", "info", "internal", "invoice", "invoices", "jobs", "legal", "live",
    "local", "localhost", "login", "logout", "mail", "mailer", "marketing", "media", "metrics", "mobile", "mx",
    "news", "noreply", "ns", "ns1", "ns2", "oauth", "onboarding", "operator", "ops", "owner", "partner", "partners",
    "pay", "payment", "payments", "platform", "pop", "pop3", "portal", "post", "postmaster", "press", "pricing",
    "privacy", "private", "public", "register", "root", "sales", "salon", "salons", "search", "secure", "security",
    "server", "shop", "signin", "signup", "sitemap", "sms", "smtp", "ssl", "sso", "staff", "staging", "static",
    "stats", "status", "store", "stripe", "subscribe", "support", "sysadmin", "system", "team", "terms", "test",
    "testing", "tithi", "tls", "upload", "webhook", "webhooks", "webmail", "webmaster", "wiki", "wpad", "www",
    "www1", "www2",
))
# fmt: on


class SlugInvalid(DomainError):
    code = "subdomain_invalid"
    status = 422
    message = "Use 3 to 40 small letters, digits and hyphens, beginning and ending with a letter or digit."


class SlugReserved(DomainError):
    code = "subdomain_reserved"
    status = 409
    message = "This name is reserved. Please choose another one."


class SlugTaken(DomainError):
    """Somebody has the name. `suggestions` are free-looking names near it."""

    code = "subdomain_taken"
    status = 409
    message = "This name is taken. Please choose another one."

    def __init__(self, suggestions=()):
        super().__init__()
        self.suggestions = list(suggestions)


def validate(slug):
    """Raise SlugInvalid or SlugReserved unless `slug` may be a salon's name. Punycode is refused by its prefix."""
    if not SHAPE.match(slug) or slug[2:4] == "--":
        raise SlugInvalid
    if slug in RESERVED:
        raise SlugReserved


def ideas(slug, *, city=""):
    """Names near one that is taken, best first; somebody may have them too."""
    place = slugify(city)
    near = [f"{slug}-{place}"] if place else []
    near += [f"{slug}-studio", f"{slug}-salon", f"the-{slug}", *(f"{slug}-{number}" for number in range(2, 6))]
    return [idea for idea in near if SHAPE.match(idea)]
