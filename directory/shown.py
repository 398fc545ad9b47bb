"""What the directory's pages show of a salon, of a choice, and of other pages: values that templates print as they are."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.text import Truncator

from directory.forms import country_name
from tenants import branding, industries

LINE = 130


@dataclass(frozen=True, slots=True)
class Card:
    name: str
    kind: str
    place: str
    line: str
    url: str
    initial: str
    color: str
    on_color: str


@dataclass(frozen=True, slots=True)
class Choice:
    label: str
    count: int
    url: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Pager:
    page: int
    pages: int
    previous_url: str
    next_url: str


def begin_url(user):
    """Where somebody opens a salon: in the wizard, by way of an account of their own."""
    wizard = reverse("onboarding:index")
    return wizard if user.is_authenticated else f"{reverse('account_signup')}?{urlencode({'next': wizard})}"


def card(business):
    """A salon in the list. Its initial is readable on its colour, whatever colour that is."""
    color = business.primary_color.lower()
    return Card(
        name=business.name,
        kind=business.category or industries.BY_KEY[industries.OTHER].label,
        place=", ".join(filter(None, [business.city, business.region])),
        line=Truncator(" ".join(business.description.split())).chars(LINE),
        url=f"{business.public_url}/",
        initial=next((letter for letter in business.name if letter.isalnum()), "·").upper(),
        color=color,
        on_color=branding.text_on(color),
    )


def categories(found, wanted):
    return [
        Choice(industry.plural, count, _toggled(wanted, "category", industry.key), wanted.category == industry.key)
        for industry, count in found.categories
    ]


def cities(found, wanted):
    return [
        Choice(name, count, _toggled(wanted, "city", slug), wanted.city == slug) for slug, name, count in found.cities
    ]


def countries(found, wanted):
    return [
        Choice(country_name(code), count, _toggled(wanted.but(city=""), "country", code), wanted.country == code)
        for code, count in found.countries
    ]


def _toggled(wanted, name, value):
    """The address with the choice made, or taken back where it is made already."""
    return wanted.but(**{name: "" if getattr(wanted, name) == value else value}).url()


def pager(found, wanted, page):
    """None where everything stands on one page."""
    if found.pages < 2:
        return None
    return Pager(
        page,
        found.pages,
        wanted.url(page - 1) if page > 1 else "",
        wanted.url(page + 1) if page < found.pages else "",
    )


def title(wanted, found):
    """What is on the page, in words: "Barbershops in Brooklyn"."""
    what = industries.BY_KEY[wanted.category].plural if wanted.category else "Salons"
    return f"{what} in {found.city_name}" if found.city_name else what
