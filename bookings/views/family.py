"""Several people in one go: who comes and what for is kept with the browser until a time is pressed."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from bookings import diary, queries, services, words
from bookings.basket import MOST_SERVICES, Basket, Wanted
from bookings.families import FEWEST_GUESTS, MOST_GUESTS, Order
from bookings.forms import GuestForm
from bookings.views import visitor
from bookings.views.asked import Asked, read_id, read_start
from bookings.views.choices import Choice
from bookings.views.draft import draft_for_new
from bookings.views.family_picker import FamilyPicker
from tenants.errors import DomainError

YOU = "You"


@dataclass(frozen=True)
class GuestChosen:
    """One of those who come: a first name ("" for whoever books) and a basket."""

    number: int
    name: str
    basket: Basket

    @property
    def title(self):
        return self.name or YOU

    @property
    def what(self):
        names, party = ", ".join(service.name for service in self.basket.services), self.basket.party_size
        return f"{names} · for {words.count(party, 'person', 'people')}" if party > 1 else names

    @property
    def people(self):
        named = dict.fromkeys(each.team_member.name for each in self.basket.wanted if each.team_member)
        return " and ".join(named) or "anyone available"


@dataclass(frozen=True)
class FamilyDraft:
    """A family in the making, as the picker takes what is put together."""

    business: object
    now: datetime
    guests: list
    order: str
    asked: Asked
    must_choose = False
    people_differ = False

    @property
    def today(self):
        return self.now.astimezone(self.business.zone).date()

    @property
    def baskets(self):
        return [guest.basket for guest in self.guests]

    @property
    def is_one(self):
        """Whether there are enough of them to look for a time."""
        return len(self.guests) >= FEWEST_GUESTS

    @cached_property
    def last(self):
        return queries.last_day(business=self.business, basket=diary.joined(self.baskets), now=self.now)

    @cached_property
    def day(self):
        """The asked day where it can be booked; None while nobody has been put together."""
        asked = self.asked.day if self.guests else None
        return asked if asked and self.today <= asked <= self.last else None

    def url(self, *, day=None, month=None, order=None):
        query = {"order": order or self.order}
        query |= {"date": day.isoformat()} if day else {}
        query |= {"month": f"{month:%Y-%m}"} if month else {}
        return f"{reverse('bookings:family')}?{urlencode(query)}"


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def family(request):
    draft = draft_of(request)
    if not draft.guests:
        return redirect("bookings:home")
    if request.method == "POST":
        return hold(request, draft)
    return render_family(request, draft)


@login_not_required
@require_POST
def family_start(request):
    """From the page of times: what is chosen there is what whoever books wants; others are added next."""
    business, now = request.tenant, timezone.now()
    asked = Asked.read(request.POST, first=read_id(request.POST.get("service")))
    draft = asked.services and draft_for_new(
        business=business, now=now, asked=asked, catalogue=queries.catalogue(business=business)
    )
    if not draft:
        raise Http404
    if not draft.may_bring_others:
        return redirect(draft.url(day=draft.day))
    visitor.keep_guests(request, [_stored("", draft.basket)])
    return redirect(draft_of(request).url(day=draft.day))


@login_not_required
@require_POST
def family_add(request):
    draft = draft_of(request)
    form = guest_form(request, request.POST)
    if len(draft.guests) >= MOST_GUESTS:
        return render_family(
            request, draft, refusal=f"At most {MOST_GUESTS} people can be booked in one go.", status=422
        )
    if not form.is_valid():
        return render_family(request, draft, form=form, status=422)
    kept = [_stored(guest.name, guest.basket) for guest in draft.guests]
    visitor.keep_guests(request, [*kept, _stored(form.cleaned_data["name"], form.basket())])
    return redirect(draft.url(day=draft.day))


@login_not_required
@require_POST
def family_remove(request):
    draft = draft_of(request)
    kept = [guest for guest in draft.guests if str(guest.number) != request.POST.get("guest")]
    visitor.keep_guests(request, [_stored(guest.name, guest.basket) for guest in kept])
    return redirect(draft.url(day=draft.day))


def hold(request, draft):
    """Keep the pressed time for all of them and go on to checkout; a refusal is this page again, its times fresh."""
    start = read_start(request.POST.get("start"))
    if start is None or not draft.is_one:
        return render_family(request, draft, refusal="Please choose a time.", status=422)
    try:
        held = services.hold_family(
            business=request.tenant,
            baskets=draft.baskets,
            start=start,
            order=draft.order,
            browser_key=visitor.browser_key(request),
            address=visitor.address(request),
            now=draft.now,
        )
    except DomainError as exc:
        return render_family(request, draft, refusal=str(exc), status=exc.status)
    names = [guest.name for guest in draft.guests]
    visitor.remember_family(request, held[0], names, draft.url(day=held[0].local_date))
    return redirect("payments:checkout", booking=held[0].pk)


def render_family(request, draft, *, form=None, status=200, refusal=""):
    full = len(draft.guests) >= MOST_GUESTS
    context = {
        "draft": draft,
        "guests": draft.guests,
        "form": None if full else form or guest_form(request),
        "adding": bool(form) or not draft.is_one,
        "orders": [Choice(label, draft.url(order=value), value == draft.order) for value, label in Order.choices],
        "picker": FamilyPicker(draft=draft) if draft.is_one else None,
        "refusal": refusal,
        "most": MOST_GUESTS,
    }
    return render(request, "bookings/family.html", context, status=status)


def draft_of(request):
    """What this browser has put together; what is no longer offered is left out."""
    data = request.POST or request.GET
    order = data.get("order") or request.GET.get("order")
    return FamilyDraft(
        business=request.tenant,
        now=timezone.now(),
        guests=guests_of(request),
        order=order if order in Order.values else Order.TOGETHER,
        asked=Asked.read(data),
    )


def guests_of(request):
    stored = visitor.guests(request)
    wanted = {pk for guest in stored for pk, _ in guest["wanted"]}
    if not wanted:
        return []
    offered = queries.bookable_services().filter(pk__in=wanted, shared_session=False)
    known = {str(service.pk): service for service in offered}
    team = {str(member.pk): member for member in queries.public_team()}
    found = []
    for guest in stored:
        pairs = [Wanted(known[pk], team.get(who)) for pk, who in guest["wanted"] if pk in known]
        if pairs:
            basket = Basket(tuple(pairs), together=guest["together"])
            basket = replace(basket, party_size=min(guest.get("party", 1), basket.narrowest.largest_party))
            found.append(GuestChosen(len(found) + 1, guest["name"], basket))
    return found


def _stored(name, basket):
    wanted = [(str(each.service.pk), str(each.team_member.pk) if each.team_member else "") for each in basket.wanted]
    return {"name": name, "wanted": wanted, "together": basket.together, "party": basket.party_size}


def guest_form(request, data=None):
    found = [service for part in queries.catalogue(business=request.tenant) for service in part.services]
    return GuestForm(
        data,
        services=found,
        team=list(queries.public_team()),
        most=MOST_SERVICES,
    )
