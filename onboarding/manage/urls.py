"""Below `/businesses/<uuid>/` on the platform's host."""

from django.urls import path

from onboarding.manage import views

app_name = "salon"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("address/", views.address, name="address"),
    path("domain/", views.domain, name="domain"),
    path("domain/<uuid:domain_id>/check/", views.check, name="domain-check"),
    path("domain/<uuid:domain_id>/remove/", views.remove, name="domain-remove"),
    path("export/", views.export, name="export"),
    path("leave/", views.leave, name="leave"),
    path("leave/stay/", views.stay, name="stay"),
]
