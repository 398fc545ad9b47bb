"""Step 9: terms and booking rules."""

from bookings import queries
from bookings.settings_rules import PRESETS
from onboarding import services, starters
from onboarding.forms.policies import PoliciesForm
from onboarding.views.frame import step


@step("policies")
def policies(request, at):
    """`look` shows what customers would read about one's own terms, and saves nothing."""
    business = at.business
    form = PoliciesForm(
        request.POST or None, business=business, suggested=starters.starter_for(business.category).policies
    )
    looks = "look" in request.POST
    if request.method == "POST" and form.is_valid() and not looks:
        values = {"policies": form.policies(), "booking": form.booking()}
        if at.saved(form, services.save_policies, **values):
            return at.onward()
    own = form.shown_terms()
    return at.page(
        "policies",
        form=form,
        terms=_terms(at, form, own),
        warnings=queries.warnings_about_policies(business=queries.as_if(business=business, columns=own)) if own else [],
        charges=business.billing.charges_enabled,
    )


def _terms(at, form, own):
    """The choices with what customers read about each; the last one is one's own."""
    columns = [*(each.columns for each in PRESETS), own or {}]
    examples = queries.policies_examples(business=at.business, variants=columns, now=at.now)
    texts = [[each.columns[name] for name in ("cancellation_text", "no_show_text")] for each in PRESETS]
    return [
        {"option": option, "texts": text, "example": example, "is_own": text is None, "is_readable": bool(text or own)}
        for option, text, example in zip(form["terms"], [*texts, None], examples, strict=True)
    ]
