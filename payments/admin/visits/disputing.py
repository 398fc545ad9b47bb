"""The dispute pack of a visit: to read, to take along as a file, and to send to the customer's bank."""

from django.utils import timezone
from unfold.decorators import action

from payments.desk.packs import file_of


class Disputing:
    """For the admin class: the button of a payment that a bank may take back."""

    @action(description="Dispute pack", permissions=["refund"], url_path="dispute-pack", icon="folder_zip")
    def dispute_pack(self, request, object_id):
        """GET shows what is in it, or gives it as a file (`?format=`); POST sends it to the bank, once."""
        if kind := request.GET.get("format"):
            booking = self.booking(request, object_id)
            return file_of(kind, booking=booking, business=request.tenant, now=timezone.now())
        return self.press(request, object_id, "dispute_pack")
