"""Checkout, on a salon's host."""

from django.urls import path

from payments.views import checkout, paying

app_name = "payments"
urlpatterns = [
    path("book/checkout/<uuid:booking>/", checkout.checkout, name="checkout"),
    path("book/checkout/<uuid:booking>/extend/", checkout.extend, name="extend"),
    path("book/checkout/<uuid:booking>/release/", checkout.release, name="release"),
    path("book/checkout/<uuid:booking>/return/", checkout.came_back, name="return"),
    path("pay/<str:token>/", paying.pay, name="pay"),
]
