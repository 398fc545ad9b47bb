"""Step 6: what can be booked, under which headings. By name: what is there already is used again.

Everything here happens under the salon's lock, so that two presses do not make the same service twice.
"""

from itertools import count

from django.db import transaction
from django.db.models import Max

from bookings.models import Service, ServiceCategory
from bookings.services import catalogue, records
from onboarding import colors, queries
from onboarding.csv_import import key
from onboarding.services.errors import RowsRefused
from onboarding.services.progress import finish_step, locked
from tenants.errors import DomainError

LAST_PLACE = 32_767
#: Field of a category → field of a row of services.
CATEGORY_OF_ROW = {"name": "category"}


class NothingOffered(DomainError):
    code = "no_services"
    status = 409
    message = "Add at least one service: without one, nothing can be booked."


@transaction.atomic
def save_services(*, progress, rows, by, now):
    """Add services and finish the step. Call in the salon's schema. Raises RowsRefused, NothingOffered.

    Each row is {"category": name or "", "name", "duration_min", "price_cents", …}; every active person performs it. One
    that is there exactly so counts as added, so that a second press changes nothing.
    """
    menu = _Menu.of(progress, by, now)
    _each(rows, lambda row: menu.add(**row))
    return _finish(progress)


@transaction.atomic
def save_category(*, progress, category, services, by, now):
    """Make or change a category and its services, by name, and finish the step. Returns (category, services).

    `category` is {"name", "color"?, …}, a name of "" meaning none; each of `services` some of catalogue.SERVICE, and
    "team_members" as catalogue.create_service takes it. Raises RowsRefused, NothingOffered.
    """
    menu = _Menu.of(progress, by, now)
    heading = menu.category(**category)
    kept = _each(services, lambda fields: menu.put(heading, **fields))
    _finish(progress)
    return heading, kept


@transaction.atomic
def change_offer(*, progress, service, category, fields, by, now, team_members=None):
    """Change one service; `category` is the name of its heading. Raises records.Refused, records.Gone."""
    menu = _Menu.of(progress, by, now)
    heading = menu.category(category)
    others = [each for each in menu.named(heading, fields["name"]) if each.pk != service.pk]
    if others and _moved(service, heading, fields["name"]):
        records.refuse({"name": _there(fields["name"], heading)})
    return catalogue.change_service(
        business=progress.business,
        service=service,
        fields=fields | {"category": heading},
        team_members=team_members,
        by=by,
        now=now,
    )


@transaction.atomic
def import_services(*, progress, items, by, now):
    """Add what an imported file's `items` (csv_import.Item) say; one that cannot be gets its problem, the others stand.

    Returns how many were added; the step is finished where there is something to book then.
    """
    menu = _Menu.of(progress, by, now)
    added = 0
    for item in items:
        if item.problem:
            continue
        headings = dict(menu.categories)
        try:
            with transaction.atomic():
                menu.add(**item.values)
        except DomainError as exc:
            menu.categories = headings  # one that was made for this line is gone with it
            item.problem = " ".join(_sentences(exc).values())
        else:
            added += 1
    if added:
        _finish(progress)
    return added


class _Menu:
    """The menu as it is, by name. Made in a transaction; nobody else changes it until that ends."""

    @classmethod
    def of(cls, progress, by, now):
        locked(progress)  # before the salon's own row: opening it locks in this order, too
        return cls(progress.business, by, now)

    def __init__(self, business, by, now):
        records.lock()
        self.business, self.told = business, {"by": by, "now": now}
        self.everybody = [{"team_member": member} for member in queries.team()]
        self.next_category, self.next_service = _places_after(ServiceCategory), _places_after(Service)
        self.categories = {_plain(each.name): each for each in ServiceCategory.objects.all()}
        self.services = {}
        for service in Service.objects.filter(deleted_at=None):
            self.services.setdefault((service.category_id, _plain(service.name)), []).append(service)

    def category(self, name, **fields):
        """The category of that name, made or changed; None for no name."""
        name = " ".join(name.split())
        if not name:
            return None
        found = self.categories.get(_plain(name))
        if found is None:
            looks = {"color": colors.nth(len(self.categories)), "sort_order": next(self.next_category)}
            found = self._new_category(looks | fields | {"name": name})
        elif fields:
            found = catalogue.change_category(category=found, fields=fields, **self.told)
        self.categories[_plain(name)] = found
        return found

    def _new_category(self, fields):
        try:
            return catalogue.create_category(fields=fields, **self.told)
        except records.Refused as exc:  # what is said of its name is said of a service's category
            raise records.Refused({CATEGORY_OF_ROW.get(at, at): said for at, said in exc.sentences.items()}) from exc

    def named(self, heading, name):
        return self.services.get((heading and heading.pk, _plain(name)), [])

    def add(self, *, category, name, **fields):
        heading = self.category(category)
        for service in self.named(heading, name):
            if any(getattr(service, column) != value for column, value in fields.items()):
                records.refuse({"name": _there(name, heading)})
            return service
        return self._create(heading, name, fields, None)

    def put(self, heading, *, name, team_members=None, **fields):
        found = self.named(heading, name)
        if len(found) > 1:
            records.refuse({"name": f"Several services are called “{name}” here. Give them different names first."})
        if not found:
            return self._create(heading, name, fields, team_members)
        return catalogue.change_service(
            business=self.business, service=found[0], fields=fields, team_members=team_members, **self.told
        )

    def _create(self, heading, name, fields, team_members):
        columns = (
            {"sort_order": next(self.next_service)} | fields | {"category": heading, "name": " ".join(name.split())}
        )
        made = catalogue.create_service(
            business=self.business,
            fields=columns,
            team_members=self.everybody if team_members is None else team_members,
            **self.told,
        )
        self.services.setdefault((heading and heading.pk, _plain(name)), []).append(made)
        return made


def _each(rows, write):
    """What `write` makes of every row; raises RowsRefused with all that is wrong."""
    kept, refused = [], {}
    for place, row in enumerate(rows):
        try:
            kept.append(write(row))
        except DomainError as exc:
            refused[place] = _sentences(exc)
    if refused:
        raise RowsRefused(refused)
    return kept


def _sentences(exc):
    return getattr(exc, "sentences", None) or {"": str(exc)}


def _finish(progress):
    if not Service.objects.filter(deleted_at=None).exists():
        raise NothingOffered
    return finish_step(progress=progress, number=6)


def _plain(name):
    return key("", name)[1]


def _moved(service, heading, name):
    """Whether it gets a place or a name it did not have; two of one name that were there before stay."""
    return (service.category_id, _plain(service.name)) != (heading and heading.pk, _plain(name))


def _there(name, heading):
    return f"There is “{name}” {f'under “{heading.name}”' if heading else 'without a category'} already."


def _places_after(model):
    """Places behind all there are, one after the other."""
    last = model.objects.aggregate(last=Max("sort_order"))["last"] or 0
    return (min(place, LAST_PLACE) for place in count(last + 1))
