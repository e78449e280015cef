"""Three services that claim to be Anam: our sandbox, it over a socket, and Greenroom itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from avatars.sandbox import Knobs, Sandbox
from avatars.services.stock_take import take_stock
from dashboard.wsgi import application
from tests.api.conftest import MakeToken
from tests.api.conftest import make_token as make_token  # a fixture
from tests.sandbox.conftest import KEY, Standalone

PROMPT = Knobs(delay=0, preview_after=0)


@dataclass
class Service:
    """Somebody who answers like Anam: where, with which key, and by which transport."""

    base_url: str
    key: str
    transport: httpx.BaseTransport | None = None

    def http(self) -> httpx.Client:
        headers = {"Authorization": f"Bearer {self.key}"}
        return httpx.Client(base_url=self.base_url, headers=headers, transport=self.transport)


@pytest.fixture
def sandbox_service(tmp_path: Path) -> Service:
    app = Sandbox(tmp_path / "the-sandbox", key=KEY, knobs=PROMPT)
    return Service("http://sandbox.test", KEY, httpx.WSGITransport(app=app))


@pytest.fixture
def socket_service(tmp_path: Path) -> Iterator[Service]:
    folder = str(tmp_path / "the-sandbox")
    knobs = ("--delay", "0", "--preview-after", "0")
    server = Standalone(tmp_path, "--key", KEY, "--folder", folder, *knobs)
    yield Service(server.address, KEY)
    server.stop()


@pytest.fixture
def greenroom_service(make_token: MakeToken) -> Service:
    """With the stock that its first stock-take brings."""
    take_stock(True, None)
    _, text = make_token()
    return Service("http://testserver", text, httpx.WSGITransport(app=application))


@pytest.fixture(params=["sandbox", "socket", "greenroom"])
def service(request: pytest.FixtureRequest) -> Service:
    found: Service = request.getfixturevalue(f"{request.param}_service")
    return found


@pytest.fixture
def client(service: Service) -> Iterator[httpx.Client]:
    with service.http() as client:
        yield client
