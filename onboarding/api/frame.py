"""What all steps of the wizard's API share: whose salon it is, its schema, and the answer's shape."""

from functools import wraps

from django.utils import timezone
from django_tenants.utils import tenant_context
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import exceptions, serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from audit import actors
from bookings.api import errors  # noqa: F401 -- tells the error handler about refusals of the settings
from onboarding import queries, services
from tenants.addresses import client_address
from tenants.api.endpoints import endpoint, read
from tenants.api.serializers import Problem, StrictSerializer


class StepIn(StrictSerializer):
    """`tenant_id` says which of the caller's salons; without it, the newest that is not open yet, or the only one."""

    tenant_id = serializers.UUIDField(required=False)


class SkippableIn(StepIn):
    """`{"skip": true}` leaves the step for later; nothing else of the body counts then."""

    skip = serializers.BooleanField(required=False, default=False)

    def to_internal_value(self, data):
        if isinstance(data, dict) and data.get("skip") is True:
            for name, field in self.fields.items():
                field.required = field.required and name in ("skip", "tenant_id")
        return super().to_internal_value(data)


class WhereOut(serializers.Serializer):
    tenant_id = serializers.UUIDField(source="pk")
    subdomain = serializers.SerializerMethodField()
    current_step = serializers.IntegerField()
    completed_steps = serializers.ListField(child=serializers.IntegerField())

    def get_subdomain(self, progress) -> str | None:
        return (progress.business or progress).slug or None


StepOut = inline_serializer(
    "OnboardingStepOut",
    {"success": serializers.BooleanField(), "data": WhereOut(help_text="Steps add what they made.")},
)


class At:
    """One call of one step."""

    def __init__(self, request, progress):
        self.request, self.progress, self.now = request, progress, timezone.now()

    @property
    def business(self):
        return self.progress.business

    @property
    def by(self):
        return actors.user(self.request.user, client_address(self.request))

    @property
    def told(self):
        """What every verb of a step is told."""
        return {"progress": self.progress, "by": self.by, "now": self.now}


def find(request, tenant_id=None):
    """The caller's salon; None where none was named and none is on its way. Raises NotFound for somebody else's."""
    if tenant_id is None:
        return queries.unfinished_of(request.user).first()
    progress = queries.own_progress(request.user, tenant_id)
    if progress is None and (business := queries.own_business(request.user, tenant_id)):
        progress = services.progress_of(business=business, now=timezone.now())
    if progress is None:
        raise exceptions.NotFound
    return progress


def meant(request, tenant_id=None):
    """The caller's salon of `find`; where none is on its way, the only one they have.

    Raises NothingBegun without any, SalonNotNamed where it could be one of several.
    """
    found = find(request, tenant_id)
    if found:
        return found
    own = queries.all_of(request.user)[:2]
    if not own:
        raise services.NothingBegun
    if len(own) > 1:
        raise services.SalonNotNamed
    return own[0]


def answer(progress, **more):
    """`{"success": true, "data": {…}}`, by the row as it is now."""
    return Response({"success": True, "data": WhereOut(queries.as_it_is(progress)).data | more})


def step(number, body, *, parsers=()):
    """POST of one step in an existing salon: `save(at, **body)` keeps it and returns what the answer adds.

    The salon is made first where nobody has yet; `save` runs in its schema.
    """

    def decorate(save):
        problems = dict.fromkeys((400, 401, 403, 404, 409, 422), Problem)

        @extend_schema(request=body, responses={200: StepOut, **problems})
        @endpoint("POST", permission=IsAuthenticated, parsers=parsers)
        @wraps(save)
        def posted(request):
            data = read(body, request)
            progress = meant(request, data.pop("tenant_id", None))
            services.refuse_ended(progress)
            progress = services.ensure_salon(progress=progress, now=timezone.now())
            at = At(request, progress)
            with tenant_context(progress.business):
                if data.pop("skip", False):
                    services.skip_step(progress=progress, number=number)
                    more = {}
                else:
                    more = save(at, **data) or {}
            return answer(progress, **more)

        return posted

    return decorate
