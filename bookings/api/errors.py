"""What the diary's refusals say beyond their sentence."""

from bookings.api.settings_paths import PATHS, nested
from bookings.api.shapes import iso
from bookings.services import NotAllowed, RuleBroken, SlotTaken
from bookings.services.policies import PoliciesContradict
from bookings.services.settings import RulesContradict, ZoneUndecided
from bookings.services.zones import CHOICES
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


@details_of.register
def _(exc: RulesContradict):
    return {"errors": nested({exc.field: [str(exc)]}, PATHS)}


@details_of.register
def _(exc: PoliciesContradict):
    return {"errors": nested({name: [sentence] for name, sentence in exc.sentences.items()}, PATHS)}


@details_of.register
def _(exc: ZoneUndecided):
    return {"visits": exc.visits, "choices": list(CHOICES)}
