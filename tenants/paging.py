"""Pages of long lists."""


def page_of(rows, start, stop, count, *, shown=None):
    """`rows[start:stop]` of `count` rows that are ordered down to the last tie; one query.

    The way there is counted by ids alone, from the nearer end: what else a row shows is read for the page's rows only.
    `shown` are the same rows as they were before they were narrowed; without it the narrowing is done twice.
    """
    keys = rows.values("pk")
    if start > count - stop:  # the later half
        keys = keys.reverse()
        start, stop = max(count - stop, 0), count - start
    shown = rows if shown is None else shown
    order = rows.query.order_by or rows.model._meta.ordering
    return shown.filter(pk__in=keys[start:stop]).order_by(*order)
