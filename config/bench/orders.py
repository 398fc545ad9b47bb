"""What a program sends to book: the body of POST /booking/create, a different customer each time."""

from datetime import UTC, datetime, time, timedelta

from config.bench import data, load

#: Days after the first that the salon's bookings never reach.
BEYOND = timedelta(days=100)


def free_starts(salon):
    """(member id, start) of visits nobody else has, without end in practice: people's hours far ahead."""
    day = salon.first + BEYOND
    while True:
        for minutes in range(data.OPENS, data.CLOSES - data.LENGTH + 1, data.LENGTH):
            wall = datetime.combine(day, time(minutes // 60, minutes % 60), salon.business.zone)
            for member in salon.people:
                yield member.pk, wall.astimezone(UTC)
        day += timedelta(days=1)


def order(salon, member_id, start, number):
    """The body."""
    return {
        "tenant_id": str(salon.business.pk),
        "service_id": str(salon.service.pk),
        "team_member_id": str(member_id),
        "start_time": start.isoformat().replace("+00:00", "Z"),
        "customer_info": {
            "name": f"Customer {number}",
            "email": f"bench{number}@example.com",
            "phone": f"+3361{number:07d}",
        },
        "consent": {"policies": True, "marketing": False},
    }


def message(salon, running, path, body):
    """The request."""
    return load.post(path, body, host=running.host_of(salon.business))
