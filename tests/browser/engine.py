"""An engine of Anam's as a browser meets it: a socket for the arrangements, then sound and picture.

The sandbox leads to a host that nobody knows. Here its answer is changed to name one of Anam's, and
the socket to there is answered in the test, by a second page that sends a picture and a hum.
"""

import json
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, Route, WebSocketRoute

HOST = "connect.anam.ai"
_ANSWER = """async (offer) => {
  const peer = (self.peer = new RTCPeerConnection());
  const canvas = document.createElement("canvas");
  const brush = canvas.getContext("2d");
  setInterval(() => {
    brush.fillStyle = `hsl(${Date.now() % 360} 50% 50%)`;
    brush.fillRect(0, 0, canvas.width, canvas.height);
  }, 40);
  const stream = canvas.captureStream(25);
  const sound = new AudioContext();
  const out = sound.createMediaStreamDestination();
  sound.createOscillator().connect(out);
  stream.addTrack(out.stream.getAudioTracks()[0]);
  peer.addEventListener("track", (event) => {
    if (event.track.kind === "audio") self.heard = event.track;
  });
  await peer.setRemoteDescription(offer);
  for (const track of stream.getTracks()) peer.addTrack(track, stream);
  await peer.setLocalDescription();
  if (peer.iceGatheringState !== "complete") {
    await new Promise((done) => peer.addEventListener("icegatheringstatechange", () => {
      if (peer.iceGatheringState === "complete") done();
    }));
  }
  return peer.localDescription.toJSON();
}"""


class Engine:
    """Answers whoever calls in `context`. `page` is its own side of the conversation."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.page: Page = context.new_page()
        self.page.goto(f"{address}/account")
        self.hosts: list[str] = []
        self._hang_up: Callable[[], None] = lambda: None
        context.route("**/v1/engine/session", _names_an_engine)
        context.route_web_socket(f"wss://{HOST}/**", self._answers)

    def ends_the_session(self) -> None:
        self._hang_up()

    def _answers(self, socket: WebSocketRoute) -> None:
        self.hosts.append(socket.url)

        def send(kind: str, payload: object) -> None:
            socket.send(json.dumps({"actionType": kind, "sessionId": "s", "payload": payload}))

        def hear(message: str | bytes) -> None:
            said = json.loads(message)
            if said["actionType"] == "offer":
                offer = said["payload"]["connectionDescription"]
                send("answer", self.page.evaluate(_ANSWER, offer))
            elif said["actionType"] == "icecandidate":
                self.page.evaluate("(c) => self.peer?.addIceCandidate(c)", said["payload"])

        self._hang_up = lambda: send("endsession", "over")
        socket.on_message(hear)


def _names_an_engine(route: Route) -> None:
    answer = route.fetch()
    session = answer.json()
    session["engineHost"] = HOST
    session["clientConfig"]["iceServers"] = []  # the other side is on this machine
    route.fulfill(response=answer, json=session)
