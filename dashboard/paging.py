"""Pages of a list, with the rest of its address kept."""

from dataclasses import dataclass

from tenants.paging import page_of

PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class Pager:
    """What `<c-pager>` shows."""

    page: int
    pages: int
    previous_url: str
    next_url: str


def paged(request, rows, *, per_page=PER_PAGE, shown=None):
    """(the asked page's rows, its Pager or None where one page is all, how many there are).

    `shown` are all rows as they are shown, before they were narrowed to `rows`, where narrowing costs anything.
    """
    total = rows.count()
    pages = max(1, -(-total // per_page))
    asked = request.GET.get("page", "")
    number = min(max(int(asked), 1), pages) if asked.isdecimal() and len(asked) < 9 else 1
    if pages == 1:
        return list(rows), None, total
    found = list(page_of(rows, (number - 1) * per_page, min(number * per_page, total), total, shown=shown))
    previous_url = _url(request, number - 1) if number > 1 else ""
    next_url = _url(request, number + 1) if number < pages else ""
    return found, Pager(number, pages, previous_url, next_url), total


def _url(request, number):
    query = request.GET.copy()
    query["page"] = number
    return f"?{query.urlencode()}"
