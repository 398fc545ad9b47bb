"""Webhooks' API, on a salon's host."""

from django.urls import path

from webhooks.api import views

app_name = "webhooks-api"
urlpatterns = [
    path("api/v1/webhooks", views.Endpoints.as_view(), name="endpoints"),
    path("api/v1/webhooks/<uuid:pk>", views.OneEndpoint.as_view(), name="endpoint"),
    path("api/v1/webhooks/<uuid:pk>/roll", views.roll, name="roll"),
    path("api/v1/webhooks/<uuid:pk>/test", views.test, name="test"),
    path("api/v1/webhooks/<uuid:pk>/deliveries", views.Deliveries.as_view(), name="deliveries"),
    path("api/v1/webhooks/<uuid:pk>/deliveries/<uuid:delivery_id>/replay", views.replay, name="replay"),
]
