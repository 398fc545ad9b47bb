"""What the diary's refusals say beyond their sentence."""

from bookings.api.shapes import iso
from bookings.services import NotAllowed, RuleBroken, SlotTaken
from tenants.api.errors import details_of
from tenants.errors import DomainError


class BadRange(DomainError):
    code = "bad_range"
    status = 422


@details_of.register
def _(exc: SlotTaken):
    return {"alternatives": [{"start": iso(slot.start_at), "local_label": slot.label} for slot in exc.alternatives]}


@details_of.register
def _(exc: RuleBroken):
    reasons = [{"code": reason.code, "text": reason.text} for reason in exc.reasons]
    return {"rule": reasons[0]["code"], "reasons": reasons}


@details_of.register
def _(exc: NotAllowed):
    return {"status_now": exc.status_now}
