from django.urls import path

from dashboard.visits import group, listing, many, presses, receipts, taking, views, walk_in
from payments.desk.presses import PRESSES

urlpatterns = [
    path("visits/", listing.visits, name="visits"),
    path("visits/list.csv", listing.as_file, name="visits-file"),
    path("visits/close/", many.close_many, name="visits-close"),
    path("visits/new/", taking.new, name="visit-new"),
    path("visits/group/", group.new_group, name="visit-group"),
    path("visits/walk-in/", walk_in.walk_in, name="walk-in"),
    path("visits/<uuid:pk>/", views.visit, name="visit"),
    path("visits/<uuid:pk>/receipts/<uuid:action>/", receipts.receipt, name="visit-receipt"),
    *(
        path(
            f"visits/<uuid:pk>/{name.replace('_', '-')}/",
            presses.view_of(press),
            name=f"visit-{name.replace('_', '-')}",
        )
        for name, press in PRESSES.items()
    ),
]
