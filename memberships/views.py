"""Memberships for customers: join, see what is left, change the card, end it. No account, no card data here."""

from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit import actors
from bookings import words
from bookings.views import visitor
from memberships import entries, links, queries, rules, services
from memberships.forms import JoinForm
from memberships.models import Membership, MembershipState
from memberships.shown import shown
from payments import carrying
from payments.origins import hosted_policy
from tenants import addresses, languages, limits
from tenants.errors import DomainError

JOINS = limits.Limit("memberships", times=settings.BOOKINGS_PER_ADDRESS_PER_HOUR, seconds=60 * 60)


def to_stripe(response):
    """A form's redirect counts as its action: the page must be allowed to lead there."""
    response._csp_update = {"form-action": hosted_policy()["form-action"]}
    return response


@require_safe
@login_not_required
@never_cache
def plans(request):
    """What can be joined; where nothing can, there is no such page."""
    offered = list(queries.offered(business=request.tenant).prefetch_related("services"))
    if not offered:
        raise Http404
    return render(request, "memberships/plans.html", {"plans": offered})


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def join(request, plan):
    business, now = request.tenant, timezone.now()
    plan = get_object_or_404(queries.offered(business=business), pk=plan)
    consent = rules.consent(
        salon=business.name,
        price=plan.price,
        visits=plan.included_visits,
        services=[service.name for service in plan.services.all()],
        day=now.astimezone(business.zone).date(),
    )
    wanted = languages.best_of(request.headers.get("Accept-Language"), business.languages)
    if request.method == "POST":
        entries.keep(request)
    typed = {"language": wanted or business.languages[0]} | entries.known(request)
    form = JoinForm(request.POST or None, offered=business.languages, consent=consent, typed=typed)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            return _joined(request, business, plan, form, consent, now)
        except DomainError as exc:
            form.add_error(None, str(exc))
            status = exc.status
    return to_stripe(
        render(request, "memberships/join.html", {"plan": plan, "form": form, "consent": consent}, status=status)
    )


def _joined(request, business, plan, form, consent, now):
    address = visitor.address(request)
    limits.take(JOINS, addresses.bucket(address), address=address)
    membership = services.join(business=business, plan=plan, **form.person(), consent=consent, address=address, now=now)
    return _to_card_page(membership, business, back=business.url + reverse("memberships:join", args=[plan.pk]))


def _to_card_page(membership, business, *, back):
    url = services.open_card_page(
        membership=membership,
        business=business,
        success_url=links.card_left_url(business=business, membership=membership),
        cancel_url=back,
    )
    return to_stripe(redirect(url))


def by_link(view):
    """Load what the token opens; its page stays out of caches, search engines and referrers."""

    @login_not_required
    @never_cache
    @wraps(view)
    def opened(request, token, **more):
        try:
            membership = links.membership_for_token(token)
        except Membership.DoesNotExist:
            raise Http404 from None
        response = view(request, membership, token, **more)
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return opened


@require_safe
@by_link
def mine(request, membership, token):
    now = timezone.now()
    context = {"membership": membership, "token": token}
    context["shown"] = shown(membership, business=request.tenant, now=now)
    return to_stripe(render(request, "memberships/mine.html", context))


@require_POST
@by_link
def card(request, membership, token):
    """To the page where another card is left."""
    here = links.membership_url(business=request.tenant, membership=membership)
    try:
        return _to_card_page(membership, request.tenant, back=here)
    except DomainError as exc:
        messages.warning(request, str(exc))
    return redirect("memberships:mine", token=token)


@require_safe
@by_link
def card_left(request, membership, token, page_id):
    """From Stripe's card page: believe nothing in the address, ask Stripe, then say what is true."""

    by = actors.customer(membership.name, visitor.address(request))
    asked = {"page_id": page_id[:255], "by": by, "now": timezone.now()}
    try:
        found = services.accept_card(membership=membership, business=request.tenant, **asked)
    except services.MembershipBusy:
        pass  # Stripe’s own message of the card was faster: the page says how far it is
    except DomainError as exc:
        messages.warning(request, str(exc))
    else:
        entries.forget(request)
        if found.state == MembershipState.ACTIVE:
            messages.success(request, "Thank you. Your card is saved, and your membership is paid.")
    return redirect("memberships:mine", token=token)


@require_POST
@by_link
def book(request, membership, token):
    """Book with it: the code is filled in where it is asked for, and nothing is put aside before that is pressed."""
    month = queries.month_of(membership, business=request.tenant, now=timezone.now())
    if month is None or not month.is_good:
        messages.warning(request, "No included visit is left at the moment.")
        return redirect("memberships:mine", token=token)
    carrying.carry(request, month.code)
    services_named = words.listed(queries.services_of(membership))
    messages.info(request, f"Your membership is good for {services_named}. Its code is filled in at the last step.")
    return redirect("/")  # its top says so, which a jump to the services would pass over


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def end(request, membership, token):
    """The first press shows what ending means; the second one, on that page, does it."""
    if request.method == "POST":
        return _pressed(request, membership, token, services.end_at_period_end)
    context = {"membership": membership, "token": token}
    context["shown"] = found = shown(membership, business=request.tenant, now=timezone.now())
    if not found.can_end:
        return redirect("memberships:mine", token=token)
    return render(request, "memberships/end.html", context)


@require_POST
@by_link
def keep(request, membership, token):
    return _pressed(request, membership, token, services.keep)


def _pressed(request, membership, token, act):
    by = actors.customer(membership.name, visitor.address(request))
    try:
        act(membership=membership, business=request.tenant, by=by, now=timezone.now())
    except DomainError as exc:
        messages.warning(request, str(exc))
    return redirect("memberships:mine", token=token)
