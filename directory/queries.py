"""Salons the whole world may find: public by their owner's wish, and open."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import Lower

from directory.folding import SaysAll, place_slug, words
from tenants import industries
from tenants.models import Business, BusinessStatus, Domain

PER_PAGE = 24
#: Cities that are offered to choose from, the fullest first.
MOST_CITIES = 12
SHOWN = ("slug", "name", "category", "description", "city", "region", "country", "primary_color")

kind_of = lru_cache(maxsize=4096)(industries.key_of)


@dataclass(frozen=True, slots=True)
class Found:
    """A page of salons, and how many there are of what: each choice counted as if it alone were changed."""

    salons: list
    total: int
    pages: int
    categories: list
    countries: list
    cities: list
    #: The wanted city's name as salons write it; empty where none is there.
    city_name: str


@dataclass(frozen=True, slots=True)
class Group:
    """Salons that say the same of their kind and place."""

    text: str
    category: str
    city: str
    city_slug: str
    country: str
    count: int


def listed():
    """The salons of the directory. A salon that pauses, ends or does not want to be listed is not among them."""
    return Business.objects.filter(is_public_directory=True, status=BusinessStatus.ACTIVE)


def addressed(salons):
    """The salons with what their `public_url` needs: the name of their own they have, if any."""
    own = Domain.objects.filter(tenant=OuterRef("pk")).exclude(domain__endswith=f".{settings.PLATFORM_DOMAIN}")
    return salons.annotate(own_host=Subquery(own.values("domain")[:1]))


def search(*, wanted, page=1):
    """What the directory shows of `wanted` on its nth page. Two queries, however many salons there are."""
    base = _matching(wanted)
    groups = _groups(base)
    hits = _where(groups, wanted)
    total = sum(group.count for group in hits)
    return Found(
        salons=_page(base, wanted, hits, page),
        total=total,
        pages=-(-total // PER_PAGE),
        categories=_categories(_where(groups, wanted.but(category=""))),
        countries=_countries(_where(groups, wanted.but(country="", city=""))),
        cities=_cities(_where(groups, wanted.but(city=""))),
        city_name=next((name for _, name, _ in _cities(hits)), "") if wanted.city else "",
    )


def listed_pages():
    """(key, city slug) of every page of a kind in a city that has somebody on it; an empty city is the kind's own page."""
    groups = _groups(listed())
    return sorted({(group.category, slug) for group in groups for slug in ("", group.city_slug)})


def _matching(wanted):
    """Narrowed by what was typed; capitals and marks above letters do not count."""
    found = listed()
    if name := words(wanted.name):
        found = found.filter(SaysAll(F("name"), words=name))
    if place := words(wanted.place):
        found = found.filter(SaysAll(F("city"), F("region"), F("postal_code"), words=place, begins=True))
    return found


def _groups(salons):
    rows = salons.order_by().values_list("category", "city", "country").annotate(Count("pk"))
    return [Group(text, kind_of(text), city, place_slug(city), country, count) for text, city, country, count in rows]


def _where(groups, wanted):
    return [
        group
        for group in groups
        if wanted.category in ("", group.category)
        and wanted.country in ("", group.country)
        and wanted.city in ("", group.city_slug)
    ]


def _page(base, wanted, hits, page):
    if wanted.category:
        base = base.filter(category__in={group.text for group in hits})
    if wanted.country:
        base = base.filter(country=wanted.country)
    if wanted.city:
        base = base.filter(city__in={group.city for group in hits})
    start = (page - 1) * PER_PAGE
    return list(addressed(base).only(*SHOWN).order_by(Lower("name"), "pk")[start : start + PER_PAGE])


def _categories(groups):
    """(industry, how many), in the order the kinds are known in."""
    counts = _counted(groups, "category")
    return [(industry, counts[industry.key]) for industry in industries.ALL if counts[industry.key]]


def _countries(groups):
    return sorted(_counted(groups, "country").items())


def _cities(groups):
    """(slug, name, how many), the fullest first. A city is written as most of its salons do."""
    spellings = defaultdict(Counter)
    for group in groups:
        if group.city_slug:
            spellings[group.city_slug][group.city.strip()] += group.count
    cities = [(slug, names.most_common(1)[0][0], names.total()) for slug, names in spellings.items()]
    return sorted(cities, key=lambda city: (-city[2], city[0]))[:MOST_CITIES]


def _counted(groups, name):
    counts = Counter()
    for group in groups:
        counts[getattr(group, name)] += group.count
    return counts
