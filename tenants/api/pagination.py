from rest_framework.pagination import PageNumberPagination


class Pages(PageNumberPagination):
    """`?page=&limit=` → `{count, next, previous, results}`, a hundred rows at most."""

    page_size = 20
    page_size_query_param = "limit"
    max_page_size = 100
