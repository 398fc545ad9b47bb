"""On a salon's host: what search engines and browsers ask for by themselves."""

from django.urls import path

from directory import views

urlpatterns = [
    path("robots.txt", views.salon_robots),
    path("sitemap.xml", views.salon_sitemap),
    path("favicon.ico", views.favicon),
]
