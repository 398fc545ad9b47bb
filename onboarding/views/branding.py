"""Step 5: what the booking page looks like."""

from onboarding import services, starters
from onboarding.forms.branding import BrandingForm
from onboarding.views.frame import step
from tenants.models import Business
from tenants.templatetags.pages import FACES


@step("branding")
def branding(request, at):
    form = BrandingForm(request.POST or None, request.FILES or None, initial=_looks(at))
    if request.method == "POST" and form.is_valid():
        logo = _logo(request, form)
        if at.saved(form, services.save_branding, looks=form.looks(), **logo):
            return at.onward(stay="stay" in request.POST or "remove_logo" in request.POST)
    logo = at.business.shown_logo
    context = {"form": form, "sample": form.sample(), "logo": logo, "logo_url": logo and at.business.url + logo.url}
    response = at.page("branding", **context, faces=[path for paths in FACES.values() for path in paths])
    # The logo is kept on the salon's own host.
    response._csp_update = response._csp_update | {"img-src": [at.business.url]}
    return response


def _looks(at):
    """The salon's own looks; before anything was chosen, the colour of its kind of business."""
    business = at.business
    untouched = not at.is_answered and business.primary_color == Business._meta.get_field("primary_color").default
    return {
        "primary_color": starters.starter_for(business.category).color if untouched else business.primary_color,
        "secondary_color": business.secondary_color,
        "font": business.font,
    }


def _logo(request, form):
    """What becomes of the logo, as `save_branding` takes it; nothing where it stays."""
    if "remove_logo" in request.POST:
        return {"logo": None}
    upload = form.cleaned_data["logo"]
    return {"logo": upload.read()} if upload else {}
