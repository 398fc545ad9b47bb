"""On the platform's host."""

from django.urls import include, path

from accounts import views

urlpatterns = [
    path("businesses/", views.businesses, name="businesses"),
    path("businesses/<uuid:pk>/enter/", views.open_entry, name="business-enter"),
    path("accounts/sessions/", include("accounts.urls_sign_ins")),
    path("accounts/data/", views.own_data, name="account-data"),
    path("accounts/data/export/", views.export, name="account-export"),
    path("accounts/delete/", views.delete, name="account-delete"),
    path("invitations/<str:token>/", views.invitation, name="invitation"),
]
