import logging
import time

log = logging.getLogger("shop.clock")


class RequestClockMiddleware:
    """Notes requests that took longer than they should."""

    limit = 1.5

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        started = time.monotonic()
        response = self.get_response(request)
        taken = time.monotonic() - started
        if taken > self.limit:
            log.warning("%s %s took %.2fs", request.method, request.path, taken)
        response["X-Shop-Time"] = "%.3f" % taken
        return response
