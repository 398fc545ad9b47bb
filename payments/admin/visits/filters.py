"""The list of bookings by where their payment stands."""

from django.contrib.admin import SimpleListFilter

from payments import queries, shown

FEE_DUE = "fee_due"


class PaymentFilter(SimpleListFilter):
    title = "payment"
    parameter_name = "payment"

    def lookups(self, request, model_admin):
        return [(FEE_DUE, "Fee due"), *((status.value, text) for status, (text, _) in shown.PAYMENT.items())]

    def queryset(self, request, bookings):
        if self.value() == FEE_DUE:
            return bookings.filter(pk__in=queries.fees_due().values("pk"))
        return bookings.filter(payments__is_current=True, payments__status=self.value()) if self.value() else bookings
