"""What a program sends to book: the body of POST /booking/create, a different customer each time."""

from datetime import UTC, datetime, time, timedelta
from itertools import count

from config.bench import data, load

#: Days after the first that the salon's bookings never reach, for one person and for two.
BEYOND, FAR_BEYOND = 100, 400


def free_starts(salon):
    """((member id,), start) of visits nobody else has, without end in practice: people's hours far ahead."""
    return _free(salon, BEYOND, data.LENGTH, [(member.pk,) for member in salon.people])


def free_pairs(salon):
    """((one's id, the other's id), start) of visits to two people, one after the other, further ahead still."""
    ids = [member.pk for member in salon.people]
    return _free(salon, FAR_BEYOND, 2 * data.LENGTH, list(zip(ids[::2], ids[1::2], strict=False)))


def _free(salon, days, length, people):
    for day in count(days):
        for minutes in range(data.OPENS, data.CLOSES - length + 1, length):
            wall = datetime.combine(
                salon.first + timedelta(days=day), time(minutes // 60, minutes % 60), salon.business.zone
            )
            for each in people:
                yield each, wall.astimezone(UTC)


def order(salon, people, start, number):
    """The body: a service by each of the people."""
    services = salon.services[: len(people)]
    return {
        "tenant_id": str(salon.business.pk),
        **_wanted([str(service.pk) for service in services], [str(pk) for pk in people]),
        "start_time": start.isoformat().replace("+00:00", "Z"),
        "customer_info": {
            "name": f"Customer {number}",
            "email": f"bench{number}@example.com",
            "phone": f"+3361{number:07d}",
        },
        "consent": {"policies": True, "marketing": False},
    }


def _wanted(services, people):
    if len(services) == 1:
        return {"service_id": services[0], "team_member_id": people[0]}
    return {"service_ids": services, "team_member_ids": people}


def message(salon, running, path, body):
    """The request."""
    return load.post(path, body, host=running.host_of(salon.business))
