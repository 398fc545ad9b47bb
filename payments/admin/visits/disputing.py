"""The dispute pack of a visit: to read, to take along as a file, and to send to the customer's bank."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from unfold.decorators import action

from audit.admin import actor_of
from bookings import words
from bookings.admin.forms import PressForm
from payments import dispute_pack, services
from payments.admin import shown
from payments.admin.visits.money import dispute_amount, dispute_reason, disputes_of
from payments.models import DisputeStatus


class Disputing:
    """For the admin class: the button of a payment that a bank may take back."""

    @action(description="Dispute pack", permissions=["refund"], url_path="dispute-pack", icon="folder_zip")
    def dispute_pack(self, request, object_id):
        """GET shows what is in it, or gives it as a file (`?format=`); POST sends it to the bank, once."""
        booking = self.booking(request, object_id)
        if kind := request.GET.get("format"):
            return file_of(kind, self.packed(request, booking), booking, request.tenant)
        open_one = next((found for found in disputes_of(booking) if found.status == DisputeStatus.OPEN), None)

        def act(booking, form):
            if open_one is None:
                raise services.DisputeAnswered
            texts = dispute_pack.texts_for_stripe(pack=self.packed(request, booking))
            answered = {"key": form.press_key, "by": actor_of(request), "now": timezone.now()}
            services.answer_dispute(dispute=open_one, texts=texts, **answered)
            return "Sent. The bank decides now; that can take two months.", messages.SUCCESS

        here = reverse("admin:bookings_booking_dispute_pack", args=[booking.pk])
        return self.press(
            request,
            object_id,
            "dispute_pack",
            act,
            form_class=PressForm,
            title="Dispute pack",
            button="Send to Stripe" if open_one else "",
            lines=[line for line in (*_about(open_one, booking), *_sent(booking)) if line],
            choices=[(f"{here}?format=pdf", "Open the PDF"), (f"{here}?format=json", "Save as JSON")],
        )

    def packed(self, request, booking):
        return dispute_pack.pack_of(business=request.tenant, booking=booking, now=timezone.now())


def file_of(kind, pack, booking, business):
    """The pack as a download. Raises BadRequest for a kind that is none."""
    name = f"dispute-{booking.ref}"
    if kind == "pdf":
        found = HttpResponse(dispute_pack.paper_of(pack=pack, country=business.country), "application/pdf")
        found["Content-Disposition"] = f'inline; filename="{name}.pdf"'
        return found
    if kind != "json":
        raise BadRequest
    found = JsonResponse(pack.as_json(), json_dumps_params={"indent": 2, "ensure_ascii": False})
    found["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return found


def _about(dispute, booking):
    said = [
        "What the customer agreed to, from where and when; check-ins and every change; what was paid and given back; "
        "and the messages sent. Of this visit only."
    ]
    if dispute is None:
        return said
    due = dispute.evidence_due_at
    return [
        f"The customer’s bank disputes {dispute_amount(dispute)} ({dispute_reason(dispute)}).",
        *said,
        "Send to Stripe gives it to the bank as text. It can be sent once, and not changed afterwards."
        + (f" Answer by {words.when(due.astimezone(booking.zone))}." if due else ""),
    ]


def _sent(booking):
    """Where disputes that were answered stand."""
    return [
        f"Dispute of {dispute_amount(found)}: {shown.DISPUTE[found.status][0].lower()}."
        for found in disputes_of(booking)
        if found.status != DisputeStatus.OPEN
    ]
