"""What calls to Anam go out by, and what a broken one proves."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from avatars import trace

from .bearer import Bearer
from .deadline import DeadlineTransport
from .errors import Cause, NotSent, OutcomeUnknown

CONNECT_SECONDS = 5.0
READ_SECONDS = 20.0  # whole deadline of every call but create
ANSWER_BYTES_MAX = 4_000_000  # a page of 100 avatars is about 200 kB


def client_for(
    base_url: str, bearer: Bearer, transport: httpx.BaseTransport | None, *, keepalive: int
) -> httpx.Client:
    """A client for `base_url` that keeps at most `keepalive` connections between calls."""
    return httpx.Client(
        base_url=base_url,
        auth=bearer,
        headers={"Accept": "application/json", "Accept-Encoding": "identity"},
        transport=transport or DeadlineTransport(connections=32, keepalive=keepalive),
        timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
        follow_redirects=False,
        trust_env=False,
        event_hooks={"request": [_traced]},
    )


def _traced(request: httpx.Request) -> None:
    """So that a call can be found again, here and in the logs of whoever stands in between."""
    if trace.current():
        request.headers[trace.HEADER] = trace.current()


@contextmanager
def told_apart() -> Iterator[None]:
    """Turns what httpx raises into `NotSent` or `OutcomeUnknown`."""
    # `from None`: httpx errors carry the request, and the request carries the key.
    try:
        yield
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
        raise NotSent(Cause.OUTAGE) from None
    except (httpx.UnsupportedProtocol, httpx.InvalidURL):
        raise NotSent(Cause.ADDRESS) from None
    except (httpx.HTTPError, httpx.StreamError):
        raise OutcomeUnknown(Cause.NO_ANSWER) from None


def bounded(response: httpx.Response) -> bytes:
    """The whole body. Raises `OutcomeUnknown` beyond ANSWER_BYTES_MAX."""
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > ANSWER_BYTES_MAX:
            raise OutcomeUnknown(Cause.NO_ANSWER)
    return bytes(body)
