"""Pages about an account are nobody else's, not even the next person's at the same screen."""

from django.utils.cache import add_never_cache_headers


class NeverKeptMiddleware:
    """Whatever is answered under `/accounts/` is kept by no cache and shown again by no Back button."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.path.startswith("/accounts/"):
            add_never_cache_headers(response)
        return response
