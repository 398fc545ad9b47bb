"""What the trail can be narrowed down to; the page and the API ask alike."""

from datetime import datetime, time, timedelta

from audit import queries
from tenants.models import SupportAccess

CUSTOMERS, PRODUCT, SUPPORT = "customers", "tithi", "support"


def narrowed(*, business, who="", act="", subject="", first=None, last=None):
    """The entries of the current salon that match; what is empty narrows nothing down.

    `who` is a user's id, or one of CUSTOMERS, PRODUCT, SUPPORT; `act` an action; `subject` a model's label and an id
    with a colon between; `first` and `last` are local dates.
    """
    found = queries.entries()
    if who:
        found = found.filter(_by(who, business))
    if act:
        found = found.filter(action=act)
    if subject:
        kind, _, pk = subject.partition(":")
        found = found.filter(subject_type=kind, subject_id=pk)
    if first:
        found = found.filter(at__gte=_midnight(first, business))
    if last:
        found = found.filter(at__lt=_midnight(last + timedelta(days=1), business))
    return found


def _by(who, business):
    match who:
        case "customers":
            return queries.CUSTOMERS
        case "tithi":
            return queries.PRODUCT
        case "support":
            # Taken along as values: the trail's indexes are in the salon's schema, this table is not.
            operators = SupportAccess.objects.filter(business=business).values_list("operator_id", flat=True)
            return queries.Q(actor_id__in=list(operators))
    return queries.Q(actor_id=who)


def _midnight(day, business):
    return datetime.combine(day, time.min, business.zone)
