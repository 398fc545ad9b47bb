"""What the diary's refusals say beyond their sentence."""

from bookings.api.changes_shown import shown
from bookings.api.settings_paths import PATHS, nested
from bookings.api.shapes import iso
from bookings.services import NotAllowed, RuleBroken, SlotTaken
from bookings.services.catalogue import NameTaken
from bookings.services.policies import PoliciesContradict
from bookings.services.previews import PreviewStale
from bookings.services.records import Refused
from bookings.services.settings import RulesContradict, ZoneUndecided
from bookings.services.zones import CHOICES
from tenants.api.errors import details_of
from tenants.errors import DomainError

#: Columns by the names the API has for them; "" is the whole.
CALLED = {
    "": "non_field_errors",
    "category": "category_id",
    "display_name": "name",
    "preferred_member": "preferred_team_member_id",
}


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
def _(exc: Refused):
    return {"errors": {CALLED.get(name, name): [sentence] for name, sentence in exc.sentences.items()}}


@details_of.register
def _(exc: NameTaken):
    return {"errors": {exc.field: [str(exc)]}}


@details_of.register
def _(exc: ZoneUndecided):
    return {"visits": exc.visits, "choices": list(CHOICES)}


@details_of.register
def _(exc: PreviewStale):
    return {"preview": shown(exc.preview, saved=False)}
