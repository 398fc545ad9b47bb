"""Below `/dashboard/packages/`."""

from django.urls import path

from dashboard.packages import views

urlpatterns = [
    path("packages/", views.packages, name="packages"),
    path("packages/add/", views.add, name="package-add"),
    path("packages/<uuid:pk>/", views.change, name="package"),
    path("packages/<uuid:pk>/sell/", views.sell, name="package-sell"),
    path("packages/sold/<uuid:card>/", views.sold, name="package-sold"),
    path("packages/sold/<uuid:card>/undo/", views.undo, name="package-undo"),
]
