"""Checkout, on a salon's host."""

from django.urls import path

from payments import views

app_name = "payments"
urlpatterns = [
    path("book/checkout/<uuid:booking>/", views.checkout, name="checkout"),
    path("book/checkout/<uuid:booking>/extend/", views.extend, name="extend"),
    path("book/checkout/<uuid:booking>/release/", views.release, name="release"),
    path("book/checkout/<uuid:booking>/return/", views.came_back, name="return"),
]
