"""What search engines may read, and where they find it."""

from django.urls import reverse

from directory import legal, queries
from giftcards import queries as packages
from memberships import queries as memberships
from reviews import queries as reviews
from tenants import hosts
from tenants.models import BusinessStatus

#: What is not for robots at all: people's own pages, programs, and dates to leaf through for ever. Pages behind a
#: signed link are not named here: they say themselves that they are not to be indexed, and a robot has to read that.
PLATFORM_PRIVATE = ("/accounts/", "/auth/", "/api/", "/billing/", "/businesses/", "/credits/", "/onboarding/")
SALON_PRIVATE = ("/accounts/", "/admin/", "/api/", "/auth/", "/booking/", "/book/", "/dashboard/")
#: A file of the sitemap protocol may have 50,000 addresses.
PER_FILE = 40_000


def is_open(business):
    return business.status == BusinessStatus.ACTIVE


def maps_of(business):
    """Where a salon's addresses are listed: by itself, and by the platform if it is in the directory.

    Saying so allows the platform's list to name addresses of the salon's host.
    """
    if not is_open(business):
        return []
    platform = hosts.platform_url() + reverse("sitemap", urlconf="config.urls_platform")
    return [f"{business.public_url}/sitemap.xml", *([platform] if business.is_public_directory else [])]


def salon_addresses(business):
    """The pages of the current salon that are for everybody, without those of its visits."""
    gift_cards = [business.public_url + reverse("payments:gift-cards")] if business.sells_gift_cards else []
    sold = [business.public_url + reverse(name) for name, rows in _for_sale(business) if rows.exists()]
    said = [business.public_url + reverse("reviews:reviews")] if reviews.has_published() else []
    return [f"{business.public_url}/", *gift_cards, *sold, *said]


def _for_sale(business):
    return (
        ("payments:packages", packages.packages_on_offer(business=business)),
        ("memberships:plans", memberships.offered(business=business)),
    )


def parts():
    """How many files there are; no file is ever cut short."""
    return -(-(len(_own_addresses()) + queries.listed().count()) // PER_FILE)


def platform_addresses(part):
    """The nth file: first the platform's own pages, then the public salons' front pages."""
    own = _own_addresses()
    salons = queries.addressed(queries.listed()).only("slug").order_by("slug")
    addresses = own + [f"{salon.public_url}/" for salon in salons]
    return addresses[(part - 1) * PER_FILE : part * PER_FILE]


def _own_addresses():
    paths = [reverse("home"), reverse("pricing"), reverse("directory")]
    paths += [reverse("legal", args=[page]) for page in legal.indexed_pages()]
    paths += [
        reverse("directory-city", args=[kind, city]) if city else reverse("directory-category", args=[kind])
        for kind, city in queries.listed_pages()
    ]
    return [hosts.platform_url() + path for path in paths]
