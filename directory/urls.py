"""On the platform's host."""

from django.urls import path

from directory import views

urlpatterns = [
    path("", views.home, name="home"),
    path("pricing/", views.pricing, name="pricing"),
    path("legal/<slug:page>/", views.legal, name="legal"),
    path("directory/", views.directory, name="directory"),
    path("directory/<slug:category>/", views.directory, name="directory-category"),
    path("directory/<slug:category>/<str:city>/", views.directory, name="directory-city"),
    path("robots.txt", views.robots),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("favicon.ico", views.favicon),
]
