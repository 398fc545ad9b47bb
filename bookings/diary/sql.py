"""The diary's reads. In SQL: composing them through the ORM takes longer than running them, and more than the engine."""

PERFORMERS = """
SELECT member.*, own.service_id AS performs, own.price_cents AS own_price_cents, own.duration_min AS own_duration_min,
       (SELECT json_agg(json_build_array(resource.id, resource.name, resource.quantity) ORDER BY resource.id)::text
          FROM bookings_service_resources AS need JOIN bookings_resource AS resource ON resource.id = need.resource_id
         WHERE need.service_id = own.service_id) AS needs
  FROM bookings_serviceteamassignment AS own JOIN bookings_teammember AS member ON member.id = own.team_member_id
 WHERE own.service_id = ANY(%(services)s) AND member.is_active
 ORDER BY member.sort_order, member.first_name, member.id"""

WEEKLY = """
SELECT team_member_id, service_id, day_of_week, start_min, end_min
  FROM bookings_teammemberavailability
 WHERE team_member_id = ANY(%(people)s) AND (service_id IS NULL OR service_id = ANY(%(services)s))"""
SPECIAL_DAYS = """
SELECT team_member_id, date, shifts, open_anyway
  FROM bookings_specialday
 WHERE team_member_id = ANY(%(people)s) AND date BETWEEN %(first)s AND %(last)s"""
BREAKS = """
SELECT team_member_id, day_of_week, start_min, end_min
  FROM bookings_break
 WHERE team_member_id = ANY(%(people)s) OR team_member_id IS NULL"""
BLOCKS = """
SELECT coalesce(team_member_id, resource_id), extract(epoch FROM starts_at)::bigint, extract(epoch FROM ends_at)::bigint
  FROM bookings_timeblock
 WHERE (team_member_id = ANY(%(people)s) OR resource_id = ANY(%(resources)s))
   AND ends_at > %(low)s AND starts_at < %(high)s
 ORDER BY starts_at"""
BUSY = """
SELECT {column}, lane, array_agg(extract(epoch FROM starts_at)::bigint ORDER BY starts_at),
       array_agg(extract(epoch FROM ends_at)::bigint ORDER BY starts_at)
  FROM bookings_occupancy
 WHERE {column} = ANY(%({ids})s) AND starts_at >= %(low_start)s AND starts_at < %(high)s
   AND (expires_at IS NULL OR expires_at > %(now)s) {without}
 GROUP BY {column}, lane"""
MOVED = "SELECT id FROM bookings_bookingitem WHERE booking_id = ANY(%(without)s)"
#: The moved visit's own rows; those of a session only where it would end with that visit.
NOT_THE_MOVED = f"""
   AND (item_id IS NULL OR item_id NOT IN ({MOVED}))
   AND (session_id IS NULL OR session_id NOT IN (
        SELECT seat.session_id
          FROM bookings_seat AS seat JOIN bookings_groupsession AS session ON session.id = seat.session_id
         WHERE seat.item_id IS NOT NULL AND NOT session.scheduled
         GROUP BY seat.session_id
        HAVING bool_and(seat.item_id IN ({MOVED}))))"""  # noqa: S608 -- constants only
#: A session nobody holds or has booked any more is as good as gone, unless the salon has put it up.
SESSIONS = """
SELECT session.id, session.service_id, session.team_member_id,
       extract(epoch FROM session.start_at)::bigint, extract(epoch FROM session.end_at)::bigint,
       count(*) FILTER (WHERE seat.item_id IS NULL OR seat.expires_at <= %(now)s {own})
  FROM bookings_groupsession AS session JOIN bookings_seat AS seat ON seat.session_id = session.id
 WHERE session.service_id = ANY(%(services)s) AND session.team_member_id = ANY(%(people)s)
   AND session.start_at >= %(low)s AND session.start_at < %(high)s
 GROUP BY session.id
HAVING session.scheduled
    OR bool_or(seat.item_id IS NOT NULL AND (seat.expires_at IS NULL OR seat.expires_at > %(now)s))"""
OWN_SEATS = f"OR seat.item_id IN ({MOVED})"
#: Everything each person can be booked for online, with their own length and hours. A class that only the salon puts up
#: fills no gap.
OFFERINGS = """
SELECT own.team_member_id, COALESCE(own.duration_min, service.duration_min),
       COALESCE(service.slot_step_min, %(step)s), service.buffer_before_min,
       GREATEST(service.buffer_after_min, member.buffer_time_minutes), GREATEST(service.min_notice_min, %(notice)s),
       (SELECT json_agg(json_build_array(day_of_week, start_min, end_min))::text
          FROM bookings_teammemberavailability
         WHERE team_member_id = own.team_member_id AND service_id = service.id),
       (SELECT json_agg(json_build_array(day_of_week, start_min, end_min))::text
          FROM bookings_servicehours WHERE service_id = service.id)
  FROM bookings_serviceteamassignment AS own
  JOIN bookings_service AS service ON service.id = own.service_id
  JOIN bookings_teammember AS member ON member.id = own.team_member_id
 WHERE own.team_member_id = ANY(%(people)s) AND service.active AND service.deleted_at IS NULL
   AND NOT service.scheduled_only"""
HOURS = "SELECT day_of_week, start_min, end_min FROM bookings_openinghours"
SPECIAL_OPENINGS = "SELECT date, shifts FROM bookings_specialopening WHERE date BETWEEN %(first)s AND %(last)s"
SERVICE_HOURS = """
SELECT service_id, day_of_week, start_min, end_min FROM bookings_servicehours WHERE service_id = ANY(%(services)s)"""
CLOSURES = """
SELECT GREATEST(start_date, %(first)s), LEAST(end_date, %(last)s)
  FROM bookings_closure
 WHERE start_date <= %(last)s AND end_date >= %(first)s"""
CLOSURES_TOLD = """
SELECT GREATEST(start_date, %(first)s), LEAST(end_date, %(last)s), reason
  FROM bookings_closure
 WHERE start_date <= %(last)s AND end_date >= %(first)s"""
#: A class counts once, however many seats are taken.
BOOKED = """
SELECT team_member_id, local_date, sum(seconds)::bigint / 60
  FROM (SELECT DISTINCT ON (coalesce(item.session_id, item.id)) item.team_member_id, booking.local_date,
               extract(epoch FROM item.end_at - item.start_at)::bigint AS seconds
          FROM bookings_bookingitem AS item JOIN bookings_booking AS booking ON booking.id = item.booking_id
         WHERE item.team_member_id = ANY(%(people)s) AND item.start_at >= %(low)s AND item.start_at < %(high)s
           AND booking.status = ANY(%(taken)s)) AS visit
 GROUP BY team_member_id, local_date"""
LAST_ASSIGNED = """
SELECT person.id, (SELECT extract(epoch FROM assigned_at)::float8
                     FROM bookings_bookingitem WHERE team_member_id = person.id ORDER BY assigned_at DESC LIMIT 1)
  FROM unnest(%(people)s) AS person(id)"""
CAUSES = """
SELECT coalesce(taken.team_member_id, taken.resource_id), extract(epoch FROM taken.starts_at)::bigint,
       extract(epoch FROM taken.ends_at)::bigint, taken.lane, booking.ref
  FROM bookings_occupancy AS taken
  LEFT JOIN bookings_bookingitem AS item ON item.id = taken.item_id
  LEFT JOIN bookings_booking AS booking ON booking.id = item.booking_id
 WHERE (taken.team_member_id = ANY(%(people)s) OR taken.resource_id = ANY(%(resources)s))
   AND taken.starts_at >= %(low_start)s AND taken.starts_at < %(high)s"""
BLOCK_CAUSES = """
SELECT coalesce(team_member_id, resource_id), extract(epoch FROM starts_at)::bigint,
       extract(epoch FROM ends_at)::bigint, reason
  FROM bookings_timeblock
 WHERE (team_member_id = ANY(%(people)s) OR resource_id = ANY(%(resources)s))
   AND ends_at > %(low)s AND starts_at < %(high)s"""
