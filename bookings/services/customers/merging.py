"""Two rows that are one person become one: whatever belonged to either belongs to the one that stays."""

from django.db import transaction

from audit import services as audit
from bookings import signals
from bookings.models import Booking, Customer, CustomerNote, FormerCustomer
from bookings.services import records
from bookings.services.customers.writing import COLUMNS, Erased
from bookings.services.errors import Lost
from tenants.errors import DomainError

TRIES = 5
#: What one may take from either side; what is empty on one side is taken from the other.
CHOICES = ("display_name", "email", "phone", "preferred_member")


class CustomersChanging(DomainError):
    code = "customers_changing"
    status = 409
    message = "Somebody is booking for one of these customers right now. Nothing was merged; please try again."


def find(pk):
    """The customer of this id, or the one they were merged into; None where there is neither."""
    found = Customer.objects.filter(pk=pk).first()
    if found is None:
        former = FormerCustomer.objects.filter(pk=pk).select_related("customer").first()
        found = former and former.customer
    return found


def merge_customers(*, customer, other, take=(), by, now):
    """Make `other` part of `customer`, who is returned. It cannot be undone.

    `take` names those of `CHOICES` that stay as `other` has them. Visits, payments, kept cards and notes move along
    (higher apps hear `customers_merged`); news are sent only to who agreed to them on both. The old id and the old
    e-mail address lead to the one that stays. Whoever merges them the other way round at the same moment gets the same
    one customer, and so does who presses twice. Raises records.Gone, Erased, CustomersChanging; nothing is written then.
    """
    for _ in range(TRIES):
        try:
            return _merge(customer.pk, other.pk, frozenset(take) & set(CHOICES), by, now)
        except Lost:
            continue
    raise CustomersChanging


@transaction.atomic
def _merge(kept_id, gone_id, take, by, now):
    kept, gone = (find(pk) for pk in (kept_id, gone_id))
    if kept is None or gone is None:
        raise records.Gone
    if kept.pk == gone.pk:
        return kept
    kept, gone = _locked(kept.pk, gone.pk)
    before = {"kept": _values(kept), "merged": _values(gone)}
    email = _join(kept, gone, take)
    Booking.objects.filter(customer=gone).update(customer=kept)
    CustomerNote.objects.filter(customer=gone).update(customer=kept)
    FormerCustomer.objects.filter(customer=gone).update(customer=kept)
    if gone.notes and gone.notes != kept.notes:  # what lasts stands once; the other's word of it becomes a note
        CustomerNote.objects.create(customer=kept, text=gone.notes, author_id=by.id, author_label=by.label, at=now)
    signals.customers_merged.send(sender=Customer, customer=kept, merged=gone, at=now)
    gone_pk = gone.pk
    gone.delete()
    kept.save()
    _remember(gone_pk, kept, email, now)
    audit.record(actor=by, action="customer.merged", subject=kept, at=now, before=before, after={"kept": _values(kept)})
    return kept


def _locked(kept_id, gone_id):
    """Both rows, locked after the visits that are about to move, as everybody locks them. Raises Lost.

    Not the visits' keys: whoever writes down what Stripe has moved holds the payment, which moves next, and refers to them.
    """
    visits = Booking.objects.filter(customer_id=gone_id).order_by("pk")
    held = set(visits.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
    rows = {
        row.pk: row for row in Customer.objects.select_for_update().filter(pk__in=[kept_id, gone_id]).order_by("pk")
    }
    if len(rows) < 2:  # merged meanwhile, perhaps the other way round: look where they are now
        raise Lost
    if any(row.erased_at for row in rows.values()):
        raise Erased
    if set(visits.values_list("pk", flat=True)) - held:  # booked meanwhile: whoever holds that visit may wait for us
        raise Lost
    return rows[kept_id], rows[gone_id]


def _join(kept, gone, take):
    """Put together what the one that stays says. Unsaved. Returns the e-mail address that is left over."""
    left_over = gone.email
    for name in CHOICES:
        if getattr(gone, name) and (name in take or not getattr(kept, name)):
            if name == "email":
                left_over = kept.email
            setattr(kept, name, getattr(gone, name))
    kept.notes = kept.notes or gone.notes
    agreed = kept.marketing_opt_in and gone.marketing_opt_in
    dates = [each.marketing_opt_in_at for each in (kept, gone) if each.marketing_opt_in_at]
    kept.marketing_opt_in, kept.marketing_opt_in_at = agreed, max(dates) if agreed and dates else None
    if gone.wants_texts and not kept.wants_texts:
        kept.texts_number, kept.texts_agreed_at = gone.texts_number, gone.texts_agreed_at
    kept.created_at = min(kept.created_at, gone.created_at)
    return left_over


def _remember(gone_id, kept, email, now):
    FormerCustomer.objects.filter(email__iexact=email).exclude(email="").update(email="")
    FormerCustomer.objects.create(pk=gone_id, customer=kept, email=email, merged_at=now)


def _values(customer):
    names = (*COLUMNS, "marketing_opt_in")
    return {name: audit.plain(customer.serializable_value(name)) for name in names} | {"id": str(customer.pk)}
