"""What customers have written: all of it, one of it, and what the salon does with it."""

from urllib.parse import urlencode

from django.contrib import messages as said
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit.admin import actor_of
from bookings import words
from dashboard.frame import page, show
from dashboard.paging import paged
from dashboard.reviews import shown
from dashboard.reviews.forms import STATES, AnswerForm, HideForm, PublishingForm, ReviewsForm, SeenForm
from reviews import queries, services
from reviews import shown as public
from reviews.models import ALLOWED, ReviewStatus
from tenants import policies
from tenants.errors import DomainError
from tenants.permissions import Permission


@require_safe
@page(Permission.VIEW_CUSTOMERS)
def reviews(request):
    form = ReviewsForm(request.GET)
    rows, pager, total = paged(request, form.narrowed(queries.reviews_for_team()))
    rating = queries.rating()
    context = {
        "form": form,
        "shortcuts": shortcuts(form.cleaned_data.get("status", "")),
        "lines": [shown.line_of(review, request.tenant.zone) for review in rows],
        "pager": pager,
        "total": words.count(total, "review", "reviews"),
        "rating": f"{rating.shown} of 5 from {public.count(rating.count)} published" if rating else "",
        "publishing": queries.publishing().label,
    }
    return show(request, "dashboard/reviews/list.html", context, here="reviews")


def shortcuts(chosen):
    """(address, label, whether it is chosen)"""
    here = reverse("dashboard:reviews")
    return [
        (f"{here}?{urlencode({'status': status})}" if status else here, label, status == chosen)
        for status, label in STATES
    ]


@require_safe
@page(Permission.VIEW_CUSTOMERS)
def review(request, pk):
    return _show(request, _found(pk))


@require_POST
@page(Permission.WRITE_WORDS)
def publish(request, pk):
    found, form = _found(pk), SeenForm(request.POST)
    if not form.is_valid():
        return _show(request, found, status=400)
    return _pressed(request, found, services.publish, "It is on your page now.", seen=form.cleaned_data["seen"])


@require_POST
@page(Permission.WRITE_WORDS)
def hide(request, pk):
    found, form = _found(pk), HideForm(request.POST, auto_id="hide_%s")
    if not form.is_valid():
        return _show(request, found, hiding=form, status=400)
    return _pressed(request, found, services.hide, "It is hidden. The reason stays in the trail.", **form.cleaned_data)


@require_POST
@page(Permission.WRITE_WORDS)
def answer(request, pk):
    found, form = _found(pk), AnswerForm(request.POST, auto_id="answer_%s")
    if not form.is_valid():
        return _show(request, found, answering=form, status=400)
    done = "Your answer is saved." if form.cleaned_data["text"] else "There is no answer any more."
    return _pressed(request, found, services.answer, done, **form.cleaned_data)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.WRITE_WORDS)
def settings(request):
    form = PublishingForm(request.POST or None, initial={"publishing": queries.publishing()})
    if request.method == "POST" and form.is_valid():
        how = {"by": actor_of(request), "now": timezone.now()}
        services.change_publishing(business=request.tenant, **form.cleaned_data, **how)
        said.success(request, "Saved.")
        return redirect("dashboard:review-settings")
    return show(request, "dashboard/reviews/settings.html", {"form": form}, here="reviews")


def _found(pk):
    return get_object_or_404(queries.reviews_for_team(), pk=pk)


def _pressed(request, found, act, done, **how):
    try:
        act(review=found, **how, by=actor_of(request), now=timezone.now())
    except DomainError as exc:
        said.error(request, str(exc))
    else:
        said.success(request, done)
    return redirect("dashboard:review", found.pk)


def _show(request, found, *, hiding=None, answering=None, status=200):
    seen = {"seen": found.version}
    possible = (
        ALLOWED[ReviewStatus(found.status)] if policies.may(request.membership, Permission.WRITE_WORDS) else set()
    )
    context = {
        "review": public.shown(found) if found.stars else None,
        "line": shown.line_of(found, request.tenant.zone),
        "facts": shown.facts_of(found, request.tenant.zone),
        "found": found,
        "publishing": SeenForm(initial=seen, auto_id="publish_%s") if ReviewStatus.PUBLISHED in possible else None,
        "hiding": (hiding or HideForm(initial=seen, auto_id="hide_%s")) if ReviewStatus.HIDDEN in possible else None,
        "answering": (answering or AnswerForm(initial=seen | {"text": found.answer}, auto_id="answer_%s"))
        if possible
        else None,
        "wrong": [form for form in (hiding, answering) if form],
        "visit_url": reverse("dashboard:visit", args=[found.booking_id]),
    }
    return show(request, "dashboard/reviews/review.html", context, here="reviews", status=status)
