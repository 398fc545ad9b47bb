"""The trail for programs: read by who may see it, a stretch at a time, newest first."""

from datetime import date
from uuid import UUID

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from audit import filters, queries
from audit.models import AuditEntry
from tenants.api.endpoints import Private, read_query
from tenants.api.permissions import needs
from tenants.api.serializers import Problem, StrictSerializer
from tenants.permissions import Permission

WORDS = (filters.CUSTOMERS, filters.SUPPORT, filters.PRODUCT)
FIRST, LAST = date(2000, 1, 1), date(2100, 12, 31)
PLACE = {"required": False, "max_length": 60}


class Day(serializers.DateField):
    def to_internal_value(self, value):
        day = super().to_internal_value(value)
        if not FIRST <= day <= LAST:
            raise serializers.ValidationError("This date is out of reach.")
        return day


class TrailIn(StrictSerializer):
    who = serializers.CharField(
        required=False, max_length=40, help_text="A user's id, or customers, support or tithi (the product itself)."
    )
    act = serializers.CharField(required=False, max_length=60, help_text="For example booking.rescheduled.")
    subject = serializers.RegexField(
        r"\A[a-z_]{1,40}\.[a-z_]{1,40}:[!-~]{1,64}\Z", required=False, help_text="What it is about, as type:id."
    )
    start_date = Day(required=False, help_text="A local date, the first one.")
    end_date = Day(required=False, help_text="A local date, the last one.")
    limit = serializers.IntegerField(required=False, default=50, min_value=1, max_value=100)
    older_than = serializers.CharField(**PLACE, help_text="From `next` of an answer.")
    newer_than = serializers.CharField(**PLACE, help_text="From `previous` of an answer.")

    def validate_who(self, who):
        if who in WORDS:
            return who
        try:
            return str(UUID(who))
        except ValueError:
            raise serializers.ValidationError("This is neither a user's id nor one of the words.") from None


class EntryOut(serializers.ModelSerializer):
    class Meta:
        model = AuditEntry
        fields = (
            "id",
            "at",
            "actor_id",
            "actor_label",
            "action",
            "subject_type",
            "subject_id",
            "subject_label",
            "before",
            "after",
            "address",
            "request_id",
        )


class TrailOut(serializers.Serializer):
    next = serializers.URLField(allow_null=True, help_text="Where older entries are.")
    previous = serializers.URLField(allow_null=True, help_text="Where newer entries are.")
    results = EntryOut(many=True)


class Trail(Private, generics.GenericAPIView):
    permission_classes = [needs(Permission.VIEW_TRAIL)]
    serializer_class = TrailOut
    queryset = AuditEntry.objects.none()  # what the schema is read from
    filter_backends = []
    pagination_class = None

    @extend_schema(
        operation_id="api_v1_admin_audit_list",
        parameters=[TrailIn],
        responses={200: TrailOut, 400: Problem, 403: Problem, 404: Problem},
    )
    def get(self, request):
        """Who did what, when and from where, newest first. Nothing is counted: follow `next` for what is older."""
        asked = read_query(TrailIn, request)
        entries = filters.narrowed(
            business=request.tenant,
            **{name: asked[name] for name in ("who", "act", "subject") if name in asked},
            first=asked.get("start_date"),
            last=asked.get("end_date"),
        )
        places = {name: asked[name] for name in ("older_than", "newer_than") if name in asked}
        page = queries.page(entries, size=asked["limit"], **places)
        return Response(
            {
                "next": _url(request, older_than=page.older),
                "previous": _url(request, newer_than=page.newer),
                "results": EntryOut(page.entries, many=True).data,
            }
        )


def _url(request, **place):
    """This address at another place of the trail; None where there is none."""
    ((name, at),) = place.items()
    if not at:
        return None
    query = request.query_params.copy()
    for other in ("older_than", "newer_than"):
        query.pop(other, None)
    url = request.build_absolute_uri(f"{request.path}?{query.urlencode()}" if query else request.path)
    return replace_query_param(url, name, at)


app_name = "audit-api"
urlpatterns = [path("api/v1/admin/audit", Trail.as_view(), name="trail")]
