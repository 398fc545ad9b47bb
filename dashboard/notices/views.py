"""What a member is told: the list behind the bell, and what they want to be told."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit.admin import actor_of
from bookings import words
from bookings.models import TeamMember
from dashboard.frame import page, show
from dashboard.notices.forms import OwnForm, SalonForm
from dashboard.paging import paged
from messaging.notices import mails, queries, services, settings
from messaging.notices.events import EVENTS
from tenants.permissions import Permission


@require_safe
@page(Permission.VIEW_DIARY)
def notices(request):
    """All of the member's, or with `?unread=1` those that wait."""
    found, only_unread = queries.notices_of(request.membership), request.GET.get("unread") == "1"
    rows, pager, total = paged(request, found.filter(read_at=None) if only_unread else found, shown=found)
    zone = request.tenant.zone
    context = {
        "rows": [_row(notice, zone) for notice in rows],
        "pager": pager,
        "total": words.count(total, "notice", "notices"),
        "only_unread": only_unread,
    }
    return show(request, "dashboard/notices/list.html", context)


def _row(notice, zone):
    event = EVENTS[notice.event]
    return {
        "notice": notice,
        "label": event.label,
        "words": notice.words or "Whoever it was about has been forgotten.",
        "when": words.when(notice.at.astimezone(zone)),
    }


@require_safe
@page(Permission.VIEW_DIARY)
def bell(request):
    """The bell alone, for pages that hear that something has changed."""
    return render(request, "dashboard/notices/_bell.html", {"unread": queries.unread_of(request.membership)})


@require_POST
@page(Permission.VIEW_DIARY)
def open_notice(request, pk):
    """Read, and on to what it is about."""
    notice = get_object_or_404(queries.notices_of(request.membership), pk=pk)
    services.mark_read(membership=request.membership, notice_id=pk, now=timezone.now())
    return redirect(mails.path_of(EVENTS[notice.event], notice.about_id))


@require_POST
@page(Permission.VIEW_DIARY)
def mark(request, pk):
    """Read, or with `unread` not read after all."""
    if "unread" in request.POST:
        changed = services.mark_unread(membership=request.membership, notice_id=pk)
    else:
        changed = services.mark_read(membership=request.membership, notice_id=pk, now=timezone.now())
    if not changed and not queries.notices_of(request.membership).filter(pk=pk).exists():
        raise Http404
    return redirect("dashboard:notices")


@require_POST
@page(Permission.VIEW_DIARY)
def mark_all(request):
    count = services.mark_read(membership=request.membership, now=timezone.now())
    messages.success(request, f"{words.count(count, 'notice', 'notices')} marked as read.")
    return redirect("dashboard:notices")


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.VIEW_DIARY)
def own_settings(request):
    """What the member is told; `reset` takes back what they have chosen."""
    membership = request.membership
    if membership.support:
        raise PermissionDenied  # let in to look, and told nothing
    press = {"reader_id": membership.user_id, "by": actor_of(request), "now": timezone.now()}
    if request.method == "POST" and "reset" in request.POST:
        settings.reset(**press)
        messages.success(request, "You are told what the salon has chosen.")
        return redirect("dashboard:notice-settings")
    form, wishes = _own_form(request), queries.wishes()
    if request.method == "POST" and form.is_valid():
        fields = {"only_mine": form.cleaned_data["only_mine"]} if "only_mine" in form.fields else {}
        settings.change(rules=form.rules(), **fields, **press)
        messages.success(request, "Saved.")
        return redirect("dashboard:notice-settings")
    context = {"form": form, "has_chosen": membership.user_id in wishes.rows, "digest_at": wishes.digest_at}
    return show(request, "dashboard/notices/own.html", context)


def _own_form(request):
    membership, wishes = request.membership, queries.wishes()
    return OwnForm(
        request.POST if request.method == "POST" else None,
        events=queries.events_for(membership),
        how=lambda event: wishes.how(membership.user_id, event),
        has_own=TeamMember.objects.filter(user_id=membership.user_id).exists(),
        only_mine=wishes.only_mine(membership.user_id),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.OWN)
def salon_settings(request):
    """What the salon's people are told where they have chosen nothing, and the salon's own copy."""
    wishes = queries.wishes()
    form = SalonForm(
        request.POST if request.method == "POST" else None,
        events=list(EVENTS.values()),
        how=lambda event: wishes.how(None, event),
        row=wishes.salon,
        address=request.tenant.email,
    )
    if request.method == "POST" and form.is_valid():
        press = {"by": actor_of(request), "now": timezone.now()}
        settings.change(reader_id=None, rules=form.rules(), **form.others_asked(), **press)
        messages.success(request, "Saved. Whoever has chosen for themselves keeps that.")
        return redirect("dashboard:notice-defaults")
    return show(request, "dashboard/notices/salon.html", {"form": form}, here="settings")
