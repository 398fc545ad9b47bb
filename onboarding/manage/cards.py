"""What the page about a salon leads to. Other packages add theirs: `cards.register(card)` in their `apps.py`."""

from dataclasses import dataclass

from django.urls import reverse

from bookings.words import count
from onboarding import services, steps
from onboarding.domains import names, queries
from payments.subscriptions import words
from tenants.queries import departure_of


@dataclass(frozen=True, slots=True)
class Card:
    """A heading, a sentence, and where it leads."""

    title: str
    text: str
    url: str
    link: str


_more = []


def register(card):
    """Add a card to the page: a function of (business, now) that returns a Card, or None where it does not apply."""
    _more.append(card)


def cards_of(business, now):
    found = [make(business, now) for make in (_settings, _address, _domain, _plan, _team, *_more, _export, _leave)]
    return [card for card in found if card]


def _settings(business, now):
    """Before the page was published the way on with the wizard; afterwards its pages as settings, and what was left."""
    progress = services.progress_of(business=business, now=now)
    here = reverse("onboarding:index", query={"salon": business.pk})
    if progress.live_at is None:
        left = len(steps.STEPS) - len(progress.completed_steps)
        return Card(
            "Opening", f"{count(left, 'step', 'steps')} to go before customers can book.", here, "Go on opening"
        )
    skipped = [steps.BY_NUMBER[number].title for number in progress.skipped_steps]
    text = f"Left for later: {', '.join(skipped)}." if skipped else "Hours, team, services, looks, terms and messages."
    return Card("Settings", text, reverse("onboarding:business", query={"salon": business.pk}), "All settings")


def _address(business, now):
    return Card("Address", business.url.partition("://")[2], _url("address", business), "Change the address")


def _domain(business, now):
    served = [names.shown(row.domain) for row in queries.domains_of(business) if row.verified_at]
    text = ", ".join(served) if served else "Let your booking page be found at a name of your own."
    return Card("Your own domain", text, _url("domain", business), "Domains")


def _plan(business, now):
    billing = business.billing
    text = words.sentence(billing, business.zone)
    return Card("Plan and Stripe", text, reverse("billing:salon", args=[business.pk]), "Plan, invoices and Stripe")


def _team(business, now):
    people = business.memberships.count()
    text = "Only you." if people == 1 else f"{people} people can sign in."
    return Card("Team", text, f"{business.url}/admin/team-access/", "Team access")


def _export(business, now):
    text = "Customers, bookings, payments and everything else, as one file."
    return Card("Your data", text, _url("export", business), "Download everything")


def _leave(business, now):
    if departure_of(business):
        return Card(
            "Leaving", "This salon is closed and will be erased.", _url("leave", business), "Keep it, or see when"
        )
    text = "Close the salon for good. It is kept for 30 days first."
    return Card("Leaving", text, _url("leave", business), "Close the salon")


def _url(page, business):
    return reverse(f"salon:{page}", args=[business.pk])
