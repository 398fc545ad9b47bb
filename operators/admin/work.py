"""What the background gave up: tasks, and messages of salons. And the page that shows how it is."""

from django.contrib import admin
from django.db.models import OuterRef, Subquery
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from unfold.decorators import action, display

from messaging.dispatch.models import Dispatch
from operators import background, runs, services
from operators.admin.site import OperatorModelAdmin, badge, by, site
from operators.models import FailedTask
from tenants.admin import moment
from tenants.models import Business

FAILED = {"open": "danger", "again": "info", "done": "success"}


class OfSalons(OperatorModelAdmin):
    """Rows of `public` that name a schema, shown with the salon's address."""

    def get_queryset(self, request):
        slug = Business.objects.filter(schema_name=OuterRef("schema_name")).values("slug")
        return super().get_queryset(request).annotate(slug=Subquery(slug))

    @display(description="salon", ordering="schema_name")
    def salon(self, row):
        return row.slug or "–"


@admin.register(FailedTask, site=site)
class FailedTaskAdmin(OfSalons):
    list_display = ("failed", "name", "salon", "error", "times", "how")
    list_display_links = ("failed",)
    list_filter = ("state", "name")
    search_fields = ("name", "schema_name", "error", "task_id")
    ordering = ("-failed_at", "pk")
    fields = (("name", "salon", "schema_name"), ("error", "times"), ("failed", "state", "ended"), "arguments", "where")
    actions_detail = ("again", "done")
    how = badge("state", FAILED, "state")
    failed = moment("failed_at", "failed")
    ended = moment("ended_at", "dealt with")

    @display(description="where")
    def where(self, failed):
        return format_html_join(mark_safe("<br>"), "{}", ((line,) for line in failed.traceback.splitlines()))

    def get_actions_detail(self, request, object_id):
        is_open = self.row(request, object_id).state == FailedTask.State.OPEN
        return super().get_actions_detail(request, object_id) if is_open else []

    @action(description="Run again", permissions=["press"], url_path="again", icon="replay")
    def again(self, request, object_id):
        failed = self.row(request, object_id)

        def act(form):
            services.run_again(failed=failed, by=by(request), reason=form.cleaned_data["reason"], now=timezone.now())

        return self.press(
            request,
            failed,
            act,
            said="Queued. A worker runs it now.",
            title=f"Run {failed.name} again",
            button="Run again",
            lines=["For the same salon, with the same ids. Safe to repeat: a task does what is still to be done."],
        )

    @action(description="Done with", permissions=["press"], url_path="done", icon="check")
    def done(self, request, object_id):
        failed = self.row(request, object_id)

        def act(form):
            services.lay_down(failed=failed, by=by(request), reason=form.cleaned_data["reason"], now=timezone.now())

        return self.press(
            request,
            failed,
            act,
            said="Laid down.",
            title=f"Done with {failed.name}",
            button="Done with",
            lines=["It stays here until its 30 days are over. Nothing is run."],
        )


@admin.register(Dispatch, site=site)
class LetterAdmin(OfSalons):
    """Messages given up: whose, of which kind, why. To whom and what they say stands in the salon alone."""

    list_display = ("gave_up", "salon", "kind", "reason")
    list_display_links = ("gave_up",)
    list_filter = ("reason", "kind")
    search_fields = ("schema_name", "kind", "reason")
    ordering = ("-gave_up_at", "pk")
    fields = (("salon", "schema_name"), ("kind", "reason"), ("gave_up", "written"))
    actions_detail = ("again",)
    gave_up = moment("gave_up_at", "given up")
    written = moment("created_at", "written")

    def get_queryset(self, request):
        return super().get_queryset(request).filter(gave_up_at__isnull=False)

    @action(description="Try again", permissions=["press"], url_path="again", icon="forward_to_inbox")
    def again(self, request, object_id):
        letter = self.row(request, object_id)

        def act(form):
            services.send_again(letter=letter, by=by(request), reason=form.cleaned_data["reason"], now=timezone.now())

        return self.press(
            request,
            letter,
            act,
            said="Queued. It leaves with the next sweep.",
            title=f"Send {letter.kind} again",
            button="Try again",
            lines=["As it would have left the first time, to whoever it was for."],
            warnings=["It may have left before: its recipient may get it twice."]
            if letter.reason == "unconfirmed"
            else [],
        )

    def back_url(self, original=None):
        """The list: what was sent again is no dead letter any more."""
        return super().back_url()


def background_page(request):
    """Queues, workers, sweeps and messages of all salons, as they are now."""
    now = timezone.now()
    context = {
        **site.each_context(request),
        "title": "Background work",
        "queues": background.queues(),
        "workers": background.workers(now=now),
        "sweeps": runs.sweeps(now=now),
        "mail": background.messages(now=now),
        "failures": background.open_failures().count(),
        "letters": background.given_up().count(),
    }
    request.current_app = site.name
    return TemplateResponse(request, "operators/background.html", context)
