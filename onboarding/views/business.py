"""Steps 1 and 2: what the business is, and the address of its booking page."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from onboarding import queries, services, steps
from onboarding.forms.business import AddressForm, BusinessForm
from onboarding.models import OnboardingProgress
from onboarding.views.frame import At, chosen, step
from tenants import limits
from tenants.addresses import client_address
from tenants.errors import DomainError
from tenants.qr import picture_of

#: The live check of an address asks as somebody types.
CHECKS = limits.Limit("address-checks", times=120, seconds=10 * 60, everywhere=True)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def index(request):
    """Go on where one was; or, without a salon on its way or when asked for, begin a new one."""
    if request.method != "POST" and "new" not in request.GET:
        progress = chosen(request)
        if progress is not None:
            here = steps.BY_NUMBER[progress.current_step]
            return redirect(At(request, here, progress, timezone.now()).address(here))
    return _begin(request)


def _begin(request):
    form = BusinessForm.of(request.POST or None)
    like = queries.own_business_named(request.user, request.POST.get("like") or request.GET.get("like"))
    now = timezone.now()
    if request.method == "POST" and form.is_valid():
        try:
            progress = services.begin(owner=request.user, fields=form.fields_of_salon(), like=like, now=now)
        except DomainError as exc:
            form.add_error(None, str(exc))
        else:
            at = At(request, steps.BY_NUMBER[1], progress, now)
            return at.onward()
    # What the page shows of a salon that is not there yet.
    at = At(request, steps.BY_NUMBER[1], OnboardingProgress(name="", pk=None), now)
    return at.page("business", form=form, like=like, is_new=True)


@step("business")
def business(request, at):
    form = BusinessForm.of(request.POST or None, at.progress)
    if (
        request.method == "POST"
        and form.is_valid()
        and at.saved(form, services.save_business, fields=form.fields_of_salon())
    ):
        return at.onward()
    return at.page("business", form=form)


@step("address")
def address(request, at):
    salon = at.business or at.progress
    wanted = request.GET.get("want") or salon.slug or suggested(salon.name)
    form = AddressForm(request.POST or None, initial={"subdomain": wanted[:40]})
    suggestions = []
    if request.method == "POST" and form.is_valid():
        slug = form.cleaned_data["subdomain"]
        if at.saved(form, services.choose_address, slug=slug):
            return at.onward()
        suggestions = services.free_names(slug)
    qr = picture_of(at.business.url + "/") if at.business else ""
    return at.page("address", form=form, suggestions=suggestions, host=services.host_of(""), qr=qr)


def suggested(name):
    """A free address near the business's name."""
    return next(iter(services.free_names(services.as_slug(name))), "")


@require_safe
@never_cache
def check_address(request):
    """One sentence about a name, for the page's live check. Choosing it asks again."""
    try:
        limits.take(CHECKS, str(request.user.pk), address=client_address(request))
        verdict = services.look_at_address(request.GET.get("subdomain", "")[:80], user=request.user)
    except limits.TooMany as exc:
        return HttpResponse(str(exc), status=exc.status, content_type="text/plain")
    return render(request, "onboarding/_address_verdict.html", {"verdict": verdict})
