"""What is killed, and what went before it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F

from avatars.models import Avatar
from avatars.tasks import sweep

from .acts import press_the_button, sweep_until_calm, work_off_the_queue
from .forks import Tell
from .points import Points

PATIENCE = 10.0  # seconds until every avatar must be ready
SETTLING = 0.4  # seconds
CREATING = 0.2  # seconds: the new process looks before the avatar of the dead one is there

Act = Callable[[str, Tell], None]


@dataclass(frozen=True)
class Scenario:
    """`prelude` goes well, `act` is what is killed. `mark` ends each name: a fault to ask for."""

    title: str
    act: Act
    prelude: Act | None = None
    mark: str = ""
    comes_back: bool = True


class Person:
    """Somebody with a browser, and the Greenroom that works for them."""

    def __init__(self, session: str) -> None:
        self._session = session

    def scenarios(self) -> Iterator[Scenario]:
        yield Scenario("from the form to the avatar", self.upload_and_send)
        yield Scenario("the form, and nobody comes back", self.upload, comes_back=False)
        yield Scenario(
            "a lost answer is adopted", self.settle, self.upload_and_send, " !lost-reset"
        )
        yield Scenario("a lost photo is sent again", self.settle, self.lose, " !reset-once")

        yield Scenario("killed again at the second press", self.upload, self.die_half_way)
        yield Scenario("killed again while cleaning up", self.settle, self.die_half_way)

    def die_half_way(self, name: str, tell: Tell) -> None:
        """In the middle of the files, of which some are there and one is half there."""
        Points(tell, "half of media/thumbnails/…/.…-320.webp.….part").watch()
        self.upload(name, tell)

    def upload(self, name: str, tell: Tell) -> None:
        tell(answer=press_the_button(self._session, name, wish_of(name)))

    def upload_and_send(self, name: str, tell: Tell) -> None:
        self.upload(name, tell)
        work_off_the_queue()

    def lose(self, name: str, tell: Tell) -> None:
        """So long ago that the next sweep is sure that it is absent."""
        self.upload_and_send(name, tell)
        lost, ago = Avatar.objects.filter(display_name=name), timedelta(minutes=1)
        lost.update(claimed_at=F("claimed_at") - ago, lost_at=F("lost_at") - ago)

    def settle(self, name: str, tell: Tell) -> None:
        sweep()

    def recover(self, name: str, tell: Tell, *, comes_back: bool) -> None:
        """Whoever got no answer presses the button again; a new process sweeps and sends."""
        if comes_back:
            tell(again=press_the_button(self._session, name, wish_of(name)))
        sweep_until_calm(PATIENCE)


def wish_of(name: str) -> str:
    return "wish-" + "".join(filter(str.isalnum, name))
