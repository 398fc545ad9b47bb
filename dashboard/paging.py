"""Pages of a list, with the rest of its address kept."""

from dataclasses import dataclass

PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class Pager:
    """What `<c-pager>` shows."""

    page: int
    pages: int
    previous_url: str
    next_url: str


def paged(request, rows, *, per_page=PER_PAGE):
    """(the asked page's rows, its Pager or None where one page is all, how many there are)."""
    total = rows.count()
    pages = max(1, -(-total // per_page))
    asked = request.GET.get("page", "")
    number = min(max(int(asked), 1), pages) if asked.isdecimal() and len(asked) < 9 else 1
    shown = list(rows[(number - 1) * per_page : number * per_page])
    if pages == 1:
        return shown, None, total
    previous_url = _url(request, number - 1) if number > 1 else ""
    next_url = _url(request, number + 1) if number < pages else ""
    return shown, Pager(number, pages, previous_url, next_url), total


def _url(request, number):
    query = request.GET.copy()
    query["page"] = number
    return f"?{query.urlencode()}"
