"""Checkout and whatever a customer does about money, on a salon's host."""

from django.urls import path

from payments.views import cards, checkout, checkout_presses, gift_cards, packages, paying, receipts, returning

app_name = "payments"
urlpatterns = [
    path("book/checkout/<uuid:booking>/", checkout.checkout, name="checkout"),
    path("book/checkout/<uuid:booking>/extend/", checkout_presses.extend, name="extend"),
    path("book/checkout/<uuid:booking>/release/", checkout_presses.release, name="release"),
    path("book/checkout/<uuid:booking>/gift-card/", checkout_presses.gift_card, name="gift-card"),
    path("book/checkout/<uuid:booking>/gift-card/off/", checkout_presses.gift_card_off, name="gift-card-off"),
    path("book/checkout/<uuid:booking>/forget/", checkout_presses.forget, name="forget"),
    path("book/checkout/<uuid:booking>/return/", checkout.came_back, name="return"),
    path("gift-cards/", gift_cards.shop, name="gift-cards"),
    path("gift-cards/orders/<str:token>/", gift_cards.ordered, name="gift-card-order"),
    path("packages/", packages.packages, name="packages"),
    path("packages/<uuid:pk>/", packages.package, name="package"),
    path("b/<str:token>/card/", cards.card, name="card"),
    path("b/<str:token>/receipts/<uuid:action>/", receipts.receipt, name="receipt"),
    path("b/<str:token>/again/", returning.again, name="again"),
    path("b/<str:token>/card/remove/", cards.remove, name="card-remove"),
    path("b/<str:token>/card/return/", cards.came_back, name="card-return"),
    path("pay/<str:token>/", paying.pay, name="pay"),
    path("pay/<str:token>/return/", paying.came_back, name="pay-return"),
]
