"""What all pages of the wizard share: whose salon it is, its schema, saving, and the way on."""

from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_tenants.utils import tenant_context

from audit import actors
from onboarding import previews, queries, services, steps
from onboarding.models import OnboardingProgress, Provisioning
from tenants.addresses import client_address
from tenants.errors import DomainError

#: Which of a person's salons the wizard is about, when the address does not say.
CHOSEN = "onboarding"
#: What steps are called among the settings of a live salon, where that differs.
LIVE_TITLES = {"go-live": "Open or close your booking page"}
#: After so long the page that waits does not wait for a worker any more.
OWN_HANDS = timedelta(seconds=3)


@dataclass
class At:
    """One request to one step: the salon on its way, and everything a view of a step needs."""

    request: object
    step: steps.Step
    progress: OnboardingProgress
    now: object

    @property
    def business(self):
        return self.progress.business

    @property
    def by(self):
        return actors.user(self.request.user, client_address(self.request))

    @property
    def is_answered(self):
        return self.step.number in self.progress.completed_steps

    @property
    def is_live(self):
        """Whether the page was published before: the wizard is then the salon's settings."""
        return self.progress.live_at is not None

    def saved(self, form, verb, **values):
        """Whether `verb` took the answer; what it refuses is said at the form's fields."""
        return self.done(form, verb, progress=self.progress, **values)

    def done(self, form, verb, **values):
        """`saved` for verbs that know nothing of the wizard."""
        try:
            verb(by=self.by, now=self.now, **values)
        except DomainError as exc:
            tell(form, exc)
            return False
        return True

    def onward(self, *, stay=False):
        """To the next step; to this one again with `stay`, and in the settings of a live salon."""
        if stay or (self.is_live and self.step.number < steps.LAST_STEP):
            return redirect(self.address(self.step, saved=True))
        return redirect(self.address(steps.after(self.step.number)))

    def address(self, step, *, saved=False):
        query = {"salon": self.progress.pk} | ({"saved": 1} if saved else {})
        return reverse(f"onboarding:{step.key}", query=query)

    def page(self, template, *, status=200, **context):
        """The step's page. `form` is what the summary of errors is about."""
        response = render(self.request, f"onboarding/{template}.html", self._context() | context, status=status)
        if self.business:
            response._csp_update = previews.framing(self.business)
        return response

    def _context(self):
        before = steps.before(self.step.number)
        return {
            "at": self,
            "step": self.step,
            "salon": self.business or self.progress,
            "progress": self.progress,
            "groups": groups(self),
            "place": self.step.place,
            "back_url": before and not self.is_live and self.address(before),
            "preview_url": self.business and previews.address(self.business),
            "just_saved": "saved" in self.request.GET and self.request.method != "POST",
        }


def groups(at):
    """The groups with their steps, as the progress bar shows them."""
    found = []
    for index, name in enumerate(steps.GROUPS):
        rows = [step for step in steps.STEPS if step.group == index]
        behind = all(row.number in at.progress.completed_steps + at.progress.skipped_steps for row in rows)
        states = [
            {
                "step": row,
                "title": LIVE_TITLES.get(row.key, row.title) if at.is_live else row.title,
                "url": at.address(row),
                "is_here": row.number == at.step.number,
                "is_done": row.number in at.progress.completed_steps,
                "is_skipped": row.number in at.progress.skipped_steps,
                "is_open": row.number <= 2 or at.progress.slug,
            }
            for row in rows
        ]
        found.append({"name": name, "steps": states, "is_here": index == at.step.group, "is_behind": behind})
    return found


def tell(form, exc):
    """A refusal, at the field it is about."""
    sentences = getattr(exc, "sentences", None) or {getattr(exc, "field", None): str(exc)}
    for field, sentence in sentences.items():
        form.add_error(field if field in form.fields else None, sentence)


def chosen(request):
    """The salon the request is about: the one it names, the one chosen last, the newest on its way; None without any.

    Raises Http404 for one that is not the person's.
    """
    named = request.POST.get("salon") or request.GET.get("salon")
    if named:
        progress = _own(request, named)
        if progress is None:
            raise Http404
        request.session[CHOSEN] = str(progress.pk)
        return progress
    remembered = request.session.get(CHOSEN)
    return (remembered and _own(request, remembered)) or queries.unfinished_of(request.user).first()


def _own(request, named):
    try:
        pk = UUID(str(named))
    except ValueError:
        return None
    return queries.own_progress(request.user, pk) or _opened_elsewhere(request, pk)


def _opened_elsewhere(request, pk):
    """The progress of the person's salon that was not opened in the wizard."""
    business = queries.own_business(request.user, pk)
    return business and services.progress_of(business=business, now=timezone.now())


def step(key):
    """A view of one step, `view(request, at)`, in the salon's schema once the salon exists.

    Pages below the step's own are views of the step too; what their address names is passed on.
    """
    this = steps.BY_KEY[key]

    def decorate(view):
        @require_http_methods(["GET", "HEAD", "POST"])
        @never_cache
        @wraps(view)
        def opened(request, **named):
            progress = chosen(request)
            if progress is None:
                return redirect("onboarding:index")
            at = At(request, this, progress, timezone.now())
            if request.method == "POST" and not _takes_answers(request, progress):
                return redirect(at.address(this))
            if progress.business is None:
                return view(request, at, **named) if this.number < steps.FIRST_IN_SALON else _not_yet(request, at)
            with tenant_context(progress.business):
                return _skip(at) if _is_skip(request, this) else view(request, at, **named)

        return opened

    return decorate


def _takes_answers(request, progress):
    try:
        services.refuse_ended(progress)
    except services.SalonEnded as exc:
        messages.error(request, str(exc))
        return False
    return True


def _is_skip(request, step):
    return request.method == "POST" and "skip" in request.POST and step.optional


def _skip(at):
    services.skip_step(progress=at.progress, number=at.step.number)
    return at.onward()


def _not_yet(request, at):
    """The salon is being made, or could not be: say so, and make it here when nobody else does."""
    if not at.progress.slug:
        return redirect(at.address(steps.BY_KEY["address"]))
    waited = at.progress.provisioning_asked_at and at.now - at.progress.provisioning_asked_at
    if request.method == "POST" or (waited and waited > OWN_HANDS and at.progress.provisioning == Provisioning.QUEUED):
        try:
            services.ensure_salon(progress=at.progress, now=at.now)
        except services.ProvisioningFailed:
            at.progress.refresh_from_db()
        else:
            return redirect(at.address(at.step))
    return at.page("making", failed=at.progress.provisioning == Provisioning.FAILED)
