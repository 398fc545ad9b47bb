"""Changes of settings that say what they would do before they do it, as the dashboard's pages (decision 0039)."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from bookings.api import changes_asked as asked
from bookings.api.changes_shown import ChangeOut, shown
from bookings.api.views.catalogue import REFUSALS
from bookings.api.views.staff import actor
from bookings.services import previews, records
from tenants.api.endpoints import endpoint, read_body
from tenants.api.permissions import needs
from tenants.permissions import Permission

STALE = """

    Without `token` nothing is saved: the answer is what saving would do, and a `token`. With it, the change is saved where it
    does exactly that; else the answer is 409 `preview_stale`, with what it would do now in `preview`, and nothing is saved.
    """


def looked_at(body, about):
    """A POST that previews the change of its `body`, or saves what was previewed."""

    @extend_schema(request=body, responses={200: ChangeOut, **REFUSALS}, description=about + STALE)
    @endpoint("POST", permission=needs(Permission.ARRANGE))
    def change(request):
        sent = read_body(body, request)
        told = {
            "business": request.tenant,
            "change": sent.change(),
            "by": actor(request),
            "now": timezone.now(),
        }
        token = sent.validated_data.get("token")
        try:
            made = previews.apply_change(**told, token=token) if token else previews.preview_change(**told)
        except records.Refused as exc:
            renamed = {sent.shifts if name == "shifts" else name: said for name, said in exc.sentences.items()}
            raise records.Refused(renamed) from exc
        return Response(shown(made, saved=bool(token)))

    return change


opening_hours = looked_at(asked.HoursChangeIn, "Set the salon's weekly hours.")
weekly_plan = looked_at(asked.WeekChangeIn, "Set what a person works every week.")
closure = looked_at(asked.ClosureChangeIn, "Shut the salon on some days.")
service_length = looked_at(asked.LengthChangeIn, "Let a service take another time; visits booked before keep theirs.")
leaving = looked_at(asked.LeavingChangeIn, "Take no more visits with somebody who leaves.")
