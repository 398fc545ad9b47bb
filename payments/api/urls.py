"""Money's API, on a salon's host."""

from django.urls import path

from payments.api.views import checkout, disputes, groups, money, presses
from payments.connect import api as connect
from payments.subscriptions import api as plans

app_name = "payments-api"
urlpatterns = [
    path("booking/hold", checkout.hold, name="hold"),
    path("booking/hold/<uuid:hold_id>", checkout.release, name="release"),
    path("booking/create", checkout.create, name="create"),
    path("booking/confirm/<uuid:booking_id>", checkout.confirm, name="confirm"),
    path("api/v1/admin/bookings/<uuid:pk>", money.OneBooking.as_view(), name="booking"),
    path("api/v1/admin/bookings/<uuid:pk>/charge-preview", presses.preview, name="charge-preview"),
    path("api/v1/admin/bookings/<uuid:pk>/dispute-pack", disputes.DisputePack.as_view(), name="dispute-pack"),
    path("api/v1/admin/bookings/<uuid:pk>/complete", presses.complete, name="complete"),
    path("api/v1/admin/bookings/<uuid:pk>/no-show", presses.no_show, name="no-show"),
    path("api/v1/admin/bookings/<uuid:pk>/cancel", presses.cancel, name="cancel"),
    path("api/v1/admin/bookings/<uuid:pk>/refund", presses.refund, name="refund"),
    path("api/v1/admin/bookings/<uuid:pk>/retry", presses.retry, name="retry"),
    path("api/v1/admin/bookings/<uuid:pk>/send-link", presses.send_link, name="send-link"),
    path("api/v1/admin/bookings/<uuid:pk>/paid-in-cash", presses.paid_in_cash, name="paid-in-cash"),
    path("api/v1/admin/booking-groups", groups.create, name="groups"),
    path("api/v1/admin/analytics", money.analytics, name="analytics"),
    path("api/v1/admin/analytics/revenue", money.revenue, name="revenue"),
    path("api/v1/admin/subscription", plans.plan, name="plan"),
    path("api/v1/admin/subscription/activate", plans.activate, name="plan-activate"),
    path("api/v1/admin/subscription/pause", plans.pause, name="plan-pause"),
    path("api/v1/admin/subscription/resume", plans.resume, name="plan-resume"),
    path("api/v1/admin/subscription/cancel", plans.cancel, name="plan-cancel"),
    path("api/payments/stripe/subscription/create", plans.create, name="plan-create"),
    path("api/payments/stripe/checkout/session", plans.checkout, name="plan-checkout"),
    path("api/payments/stripe/connect/setup", connect.setup, name="connect-setup"),
    path("api/payments/stripe/payment/capture", presses.capture, name="capture"),
    path("api/payments/stripe/payment/refund", presses.refund_of, name="refund-of"),
    path("api/payments/methods", money.Cards.as_view(), name="methods"),
    path("api/payments/status/<uuid:pk>", money.OnePayment.as_view(), name="status"),
]
