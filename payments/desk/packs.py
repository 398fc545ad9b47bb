"""The dispute pack of a visit as a file."""

from django.core.exceptions import BadRequest
from django.http import HttpResponse, JsonResponse

from payments import dispute_pack


def file_of(kind, *, booking, business, now):
    """The pack as a download: `pdf` or `json`. Raises BadRequest for a kind that is none."""
    pack, name = dispute_pack.pack_of(business=business, booking=booking, now=now), f"dispute-{booking.ref}"
    if kind == "pdf":
        found = HttpResponse(dispute_pack.paper_of(pack=pack, country=business.country), "application/pdf")
        found["Content-Disposition"] = f'inline; filename="{name}.pdf"'
        return found
    if kind != "json":
        raise BadRequest
    found = JsonResponse(pack.as_json(), json_dumps_params={"indent": 2, "ensure_ascii": False})
    found["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return found
