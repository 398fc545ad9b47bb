"""The waiting list for customers. Reading never changes anything; presses are POSTs."""

from functools import wraps
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit import actors
from bookings import links as visits
from bookings import queries as diary
from bookings.services import HoldExpired
from bookings.views import visitor
from bookings.views.asked import Asked
from bookings.views.draft import draft_for_new
from bookings.views.times import render_times
from tenants import addresses, limits
from tenants.errors import DomainError
from waitlist import links, rules, services, shown
from waitlist.models import Offer, OfferStatus, Wish, WishStatus
from waitlist.services.status import RUNNING
from waitlist.showing import form_for

JOINS = limits.Limit("waitlist", times=settings.BOOKINGS_PER_ADDRESS_PER_HOUR, seconds=60 * 60)


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def join(request, service: UUID):
    """Join the list; what is wrong with it is said on the page of times, where the form stands."""
    business, now = request.tenant, timezone.now()
    catalogue = diary.catalogue(business=business)
    draft = draft_for_new(
        business=business,
        now=now,
        asked=Asked.read(request.POST or request.GET, first=service),
        catalogue=catalogue,
    )
    if draft is None:
        raise Http404
    if request.method != "POST":
        return redirect(draft.here.url())
    form = form_for(draft, request.POST)
    if not form.is_valid():
        return render_times(request, draft, catalogue, wait_form=form, status=422)
    try:
        address = visitor.address(request)
        limits.take(JOINS, addresses.bucket(address), address=address)
        wish = services.join(
            business=business,
            basket=draft.basket,
            person=form.person(),
            first=form.cleaned_data["first_date"],
            last=form.cleaned_data["last_date"],
            windows=form.windows(),
            now=now,
        )
    except DomainError as exc:
        form.add_error(None, str(exc))
        return render_times(request, draft, catalogue, wait_form=form, status=exc.status)
    return redirect("waitlist:wish", token=links.wish_token(wish))


def by_link(find, missing):
    """Load what the token opens; its page stays out of caches, search engines and referrers.

    `same-origin`: under `no-referrer` browsers send `Origin: null` with a form, which is refused as forged.
    """

    def decorate(view):
        @login_not_required
        @never_cache
        @wraps(view)
        def opened(request, token):
            try:
                found = find(token)
            except missing.DoesNotExist:
                raise Http404 from None
            response = view(request, found, token)
            response["Referrer-Policy"] = "same-origin"
            response["X-Robots-Tag"] = "noindex, nofollow"
            return response

        return opened

    return decorate


by_wish = by_link(links.wish_for_token, Wish)
by_offer = by_link(links.offer_for_token, Offer)


@require_safe
@by_wish
def wish(request, wish, token):
    """A place on the list: what it is for, and the way off it."""
    running = services.running_offer(wish)
    title, ended = shown.ENDED.get(wish.status, ("", ""))
    context = {
        "wish": wish,
        "shown": shown.wish(wish),
        "token": token,
        "rule": rules.RULE,
        "title": title,
        "ended": ended,
        "visit_url": _visit_url(wish),
        "offer_url": running and links.offer_url(business=request.tenant, offer=running),
    }
    return render(request, "waitlist/wish.html", context)


def _visit_url(wish):
    """The page of the visit that came of a wish."""
    taken = services.taken_offer(wish) if wish.status == WishStatus.BOOKED else None
    return taken and reverse("bookings:manage", args=[visits.manage_token(taken.booking)])


@require_POST
@by_wish
def leave(request, wish, token):
    by = actors.customer(wish.name, visitor.address(request))
    try:
        services.leave(wish=wish, by=by, now=timezone.now())
    except DomainError as exc:
        messages.warning(request, str(exc))
    return redirect("waitlist:wish", token=token)


@require_safe
@by_offer
def offer(request, offer, token):
    """The time that is kept, until when, and both answers."""
    if offer.status == OfferStatus.BOOKED:
        return redirect("bookings:manage", token=visits.manage_token(offer.booking))
    now = timezone.now()
    kept = offer.status in RUNNING and offer.booking.hold_expires_at > now
    context = {
        "offer": offer,
        "token": token,
        "kept": kept,
        "over": "" if kept else shown.over(offer),
        "free_url": shown.free_url(offer.wish) if not kept and offer.status in (*RUNNING, OfferStatus.EXPIRED) else "",
        "visit": shown.visit(offer) if kept else None,
        "until": shown.until(offer, business=request.tenant, now=now),
        "is_accepted": offer.status == OfferStatus.ACCEPTED,
        "wish_url": links.wish_url(business=request.tenant, wish=offer.wish),
    }
    return render(request, "waitlist/offer.html", context)


@require_POST
@by_offer
def accept(request, offer, token):
    """Take the time, and go on with it as with any other: details are known, the card is asked for where it always is."""
    try:
        booking = services.accept(offer=offer, browser_key=visitor.browser_key(request), now=timezone.now())
    except (HoldExpired, services.OfferOver):  # the page says so
        return redirect("waitlist:offer", token=token)
    except DomainError as exc:
        messages.warning(request, str(exc))
        return redirect("waitlist:offer", token=token)
    fill_in(request, offer.wish)
    return redirect("payments:checkout", booking=booking.pk)


def fill_in(request, wish):
    """What they have told us already, so that nothing has to be typed twice."""
    first, _, last = wish.name.partition(" ")
    known = {"first_name": first, "last_name": last, "email": wish.email, "language": wish.language}
    if wish.phone:
        known["phone"] = wish.phone.as_international
    if wish.texts_agreed_at:
        known["texts"] = "on"
    request.session[visitor.ENTRIES] = {name: value for name, value in known.items() if value}


@require_POST
@by_offer
def decline(request, offer, token):
    try:
        services.decline(offer=offer, now=timezone.now())
    except DomainError as exc:
        messages.warning(request, str(exc))
    return redirect("waitlist:offer", token=token)
