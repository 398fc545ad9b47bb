"""Gift cards' API, on a salon's host."""

from django.urls import path

from giftcards.api import packages, views

app_name = "giftcards-api"
urlpatterns = [
    path("api/v1/gift-cards", views.GiftCards.as_view(), name="cards"),
    path("api/v1/gift-cards/check", views.check, name="check"),
    path("api/v1/gift-cards/<uuid:pk>", views.OneGiftCard.as_view(), name="card"),
    path("api/v1/packages", packages.Packages.as_view(), name="packages"),
    path("api/v1/packages/on-offer", packages.on_offer, name="packages-on-offer"),
    path("api/v1/packages/<uuid:pk>", packages.OnePackage.as_view(), name="package"),
]
