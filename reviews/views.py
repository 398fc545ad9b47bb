"""What everybody reads, and the page on which whoever was there rates a visit. Reading never changes anything."""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from audit import actors
from bookings import words
from bookings.models import Booking
from reviews import links, queries, rules, services
from reviews import shown as words_of
from reviews.forms import ReviewForm
from reviews.models import Publishing, ReviewStatus
from tenants.addresses import client_address
from tenants.errors import DomainError

PER_PAGE = 20
#: Nobody leafs further.
MOST_PAGES = 500
STATES = {
    ReviewStatus.WAITING: "The salon reads it first. You see it on the salon’s page once it is published.",
    ReviewStatus.PUBLISHED: "It is on the salon’s page.",
    ReviewStatus.HIDDEN: "The salon does not show it.",
}


@login_not_required
@require_safe
def reviews(request):
    """All published reviews, the latest first, some at a time. One query."""
    number = _page_number(request)
    start = (number - 1) * PER_PAGE
    found = list(queries.published()[start : start + PER_PAGE])
    if not found and number > 1:
        raise Http404
    rating = queries.Rating(float(found[0].average), found[0].how_many, found) if found else None
    pages = -(-rating.count // PER_PAGE) if rating else 1
    context = {
        "rating": rating,
        "count": words_of.count(rating.count) if rating else "",
        "reviews": [words_of.shown(each) for each in found],
        "number": number,
        "pager": {
            "page": number,
            "pages": pages,
            "previous_url": f"?page={number - 1}" if number > 1 else "",
            "next_url": f"?page={number + 1}" if number < pages else "",
        },
        "pages": pages,
    }
    return render(request, "reviews/reviews.html", context)


def _page_number(request):
    asked = request.GET.get("page", "1")
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 4 and 1 <= int(asked) <= MOST_PAGES):
        raise Http404
    return int(asked)


def by_link(view):
    """Load the completed visit the token opens; keep its page out of caches, search engines and referrers."""

    @login_not_required
    @never_cache
    @wraps(view)
    def opened(request, token):
        try:
            booking = links.booking_for_token(token, now=timezone.now())
        except Booking.DoesNotExist:
            raise Http404 from None
        response = view(request, booking, token)
        response["Referrer-Policy"] = "same-origin"  # the page has a form: see bookings.views.manage
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return opened


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def review(request, booking, token):
    found, now = queries.review_of(booking), timezone.now()
    can = rules.can_change(found, now=now) if found else rules.can_write(booking, now=now)
    takes = queries.publishing() != Publishing.OFF
    form = _form(request, booking, found) if can and takes else None
    if request.method == "POST" and form and form.is_valid():
        try:
            services.write(booking=booking, **form.said, by=_customer(request, booking), now=now)
        except DomainError as exc:
            messages.error(request, str(exc))
        else:
            messages.success(request, "Thank you. The salon has your review.")
        return redirect("reviews:review", token)
    context = {
        "token": token,
        "form": form,
        "visit": f"{booking.service_name}, {words.full_date(booking.local_start.date())}",
        "review": words_of.shown(found) if found and found.stars else None,
        "state": STATES.get(ReviewStatus(found.status), "") if found else "",
        "taken_back": found is not None and not rules.can_take_back(found),
        "closed": "" if takes else services.Closed.message,
        "changing": words.full_date((found.written_at + rules.CHANGING).astimezone(booking.zone).date())
        if found
        else "",
    }
    # A press that comes too late is told so, on the page that says what there is.
    return render(request, "reviews/review.html", context, status=409 if request.method == "POST" and not form else 200)


def _form(request, booking, found):
    first_name = rules.first_name(booking.contact_name)
    initial = {"is_named": True}
    if found:
        initial = {"stars": found.stars, "text": found.text, "is_named": bool(found.shown_name)}
    return ReviewForm(request.POST or None, initial=initial, first_name=first_name)


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def take_back(request, booking, token):
    """GET says what it means, POST does it."""
    found = queries.review_of(booking)
    if found is None or not rules.can_take_back(found):
        return redirect("reviews:review", token)
    if request.method == "POST":
        try:
            services.take_back(review=found, by=_customer(request, booking), now=timezone.now())
        except DomainError as exc:
            messages.error(request, str(exc))
        return redirect("reviews:review", token)
    return render(request, "reviews/take_back.html", {"token": token, "review": words_of.shown(found)})


def _customer(request, booking):
    return actors.customer(booking.contact_name, client_address(request))
