"""Pages about cards for whoever has one, on a salon's host."""

from django.urls import path

from giftcards import views

app_name = "giftcards"
urlpatterns = [
    path("gift-cards/balance/", views.balance, name="balance"),
    path("gift-cards/<str:token>/", views.card, name="card"),
]
