"""Checkout, on a salon's host."""

from django.urls import path

from payments.views import checkout, gift_cards, paying

app_name = "payments"
urlpatterns = [
    path("book/checkout/<uuid:booking>/", checkout.checkout, name="checkout"),
    path("book/checkout/<uuid:booking>/extend/", checkout.extend, name="extend"),
    path("book/checkout/<uuid:booking>/release/", checkout.release, name="release"),
    path("book/checkout/<uuid:booking>/return/", checkout.came_back, name="return"),
    path("gift-cards/", gift_cards.shop, name="gift-cards"),
    path("gift-cards/orders/<str:token>/", gift_cards.ordered, name="gift-card-order"),
    path("pay/<str:token>/", paying.pay, name="pay"),
]
