"""The platform's pages about a person's salons, and the page an invitation leads to."""

from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import exports, queries, services
from accounts.forms import MAX_PASSWORD, JoinForm
from tenants import limits, policies
from tenants.addresses import bucket, client_address
from tenants.api.accounts import NEW_PASSWORD_FROM, WeakPassword
from tenants.errors import DomainError
from tenants.models import User
from tenants.permissions import Permission


@require_safe
@never_cache
def businesses(request):
    """The person's salons, each with a way in."""
    rows = [
        {
            "business": membership.business,
            "role": membership.get_role_display(),
            "owns": policies.may(membership, Permission.OWN),
            "manages": policies.may(membership, Permission.MANAGE_ACCESS),
        }
        for membership in queries.memberships_of(request.user)
    ]
    response = render(request, "accounts/businesses.html", {"rows": rows})
    response._csp_update = {"form-action": [row["business"].url for row in rows]}
    return response


@require_POST
def open_entry(request, pk):
    """Into a salon without signing in again; where the account wants a second step first, to the salon's sign-in."""
    try:
        business = services.business_of(user=request.user, business_id=pk)
        token = services.open_entry(
            user=request.user,
            business=business,
            methods=get_authentication_records(request, request.user),
            now=timezone.now(),
        )
    except services.NoEntry as exc:
        raise Http404 from exc
    except services.SecondStepMissing:
        return redirect(f"{business.url}/accounts/login/?next=/admin/")
    return redirect(f"{business.url}/accounts/enter/?{urlencode({'token': token})}")


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def invitation(request, token):
    """Who asks whom, and the way in. Nothing happens before a press: mail scanners follow links too."""
    now = timezone.now()
    try:
        invited = services.find(token=token, now=now)
    except services.InvitationInvalid as exc:
        return render(request, "accounts/invitation_invalid.html", {"sentence": str(exc)}, status=exc.status)
    form = None
    if not request.user.is_authenticated and not User.objects.filter(email=invited.email).exists():
        form = JoinForm(request.POST or None)
    if request.method == "POST":
        joined = _join(request, token, form, now)
        if joined:
            messages.success(request, f"Welcome to the team of {joined.business.name}.")
            return redirect("businesses")
    context = {"invitation": invited, "form": form, "theirs": _is_theirs(request.user, invited)}
    return render(request, "accounts/invitation.html", context)


def _is_theirs(user, invited):
    return user.is_authenticated and user.email == invited.email


def _join(request, token, form, now):
    """The new Membership; None where the page has to be shown again."""
    address = client_address(request)
    try:
        if request.user.is_authenticated:
            return services.accept(token=token, user=request.user, address=address, now=now)
        if form is None or not form.is_valid():
            return None
        limits.take(NEW_PASSWORD_FROM, bucket(address), address=address)
        joined = services.accept_with_new_account(token=token, address=address, now=now, **form.cleaned_data)
    except WeakPassword as exc:
        for sentence in exc.details["errors"]["password"]:
            form.add_error("password", sentence)
    except DomainError as exc:
        messages.error(request, str(exc))
    else:
        get_adapter().login(request, joined.user)
        return joined
    return None


# One's own data --------------------------------------------------------------------------------------

#: An export reads a lot.
EXPORTS = limits.Limit("account-exports", times=5, seconds=60 * 60, everywhere=True)


@require_safe
def own_data(request):
    """Take it along, or have it erased."""
    return render(request, "accounts/data.html", {"owned": queries.live_salons_owned_alone(request.user)})


@require_POST
def export(request):
    try:
        limits.take(EXPORTS, str(request.user.pk), address=client_address(request))
    except limits.TooMany as exc:
        messages.error(request, str(exc))
        return redirect("account-data")
    answer = JsonResponse(
        exports.everything_about(request.user), json_dumps_params={"indent": 2, "ensure_ascii": False}
    )
    answer["Content-Disposition"] = 'attachment; filename="tithi-account.json"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request):
    """The password, and the account is gone on every host."""
    if request.method == "POST":
        address = client_address(request)
        try:
            services.confirm_password(
                user=request.user, password=request.POST.get("password", "")[:MAX_PASSWORD], address=address
            )
            services.erase_account(user=request.user, address=address, now=timezone.now())
        except DomainError as exc:
            messages.error(request, str(exc))
        else:
            logout(request)
            messages.success(request, "Your account is deleted.")
            return redirect("home")
    return render(request, "accounts/delete.html")
