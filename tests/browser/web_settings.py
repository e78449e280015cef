"""The dashboard's own settings, before an internet in which one site has one portrait."""

from dashboard.settings import *  # noqa: F403
from tests.photos.pictures import portrait_jpeg
from tests.upstream import sockets
from tests.upstream.internet import Internet, Site, certificates, over_tls, page

_site = Site()
_site.pages["/team/ada_lovelace.jpg"] = page(portrait_jpeg(900, 900))
_internet = Internet(canary=("127.0.0.1", 9))
_internet.serve(sockets.Server(over_tls(_site)))  # for as long as the process lives

globals().update(
    FETCH_RESOLVER=_internet.look_up,
    FETCH_CONNECT=_internet.connect,
    FETCH_TRUST=certificates()[1],
)
