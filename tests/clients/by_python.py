"""Anam's Python SDK: from the session token to the door of the engine.

As read from anam 0.12.0: the address is `ClientOptions(api_base_url=…)`, without a slash at its
end. With a session token it posts to /v1/engine/session and nowhere else; with an API key it posts
there too, with the persona, and asks for no session token. Then it opens a websocket at the engine.
"""

import asyncio

import aiohttp  # type: ignore[import-not-found]  # comes with the SDK
from anam import (  # type: ignore[import-not-found]
    AnamClient,
    AnamError,
    AuthenticationError,
    ClientOptions,
    PersonaConfig,
)

from .telling import AVATAR, BASE_URL, NOBODY, TOKEN, check, expect

OPTIONS = ClientOptions(api_base_url=BASE_URL)
SECONDS = 30.0  # for the websocket, which may lead to nobody


async def session_token() -> str:
    """As the server of a program asks for it; the SDK has no call for that."""
    body = {"personaConfig": {"avatarId": AVATAR, "maxSessionLengthSeconds": 60}}
    headers = {"Authorization": f"Bearer {TOKEN}"}
    address = f"{BASE_URL}/v1/auth/session-token"
    async with (
        aiohttp.ClientSession() as browser,
        browser.post(address, headers=headers, json=body) as answer,
    ):
        said = await answer.json()
        expect(answer.status in (200, 201), f"{answer.status} {said}")
        token: str = said["sessionToken"]
        return token


async def gets_a_token() -> str:
    return f"a session token of {len(await session_token())} characters"


async def opens_with_the_token() -> str:
    return await goes_on(AnamClient(session_token=await session_token(), options=OPTIONS))


async def opens_with_the_key() -> str:
    return await goes_on(with_key(TOKEN, AVATAR))


async def goes_on(client: AnamClient) -> str:
    """Past the engine's session. The websocket behind it may well lead to nobody."""
    try:
        session = await asyncio.wait_for(client.connect_async(), SECONDS)
        await session.close()
        return "connected"
    except OSError as nobody:
        expect(client.session_id, f"no session: {nobody}")
        return f"has a session, and nobody is at the engine ({type(nobody).__name__})"


async def false_token() -> str:
    return await refused(AnamClient(session_token="of.nobody.here", options=OPTIONS), 401)


async def false_key() -> str:
    return await refused(with_key("no-key-of-this-server", AVATAR), 401)


async def unknown_avatar() -> str:
    return await refused(with_key(TOKEN, NOBODY), 400, 403, 404)


async def refused(client: AnamClient, *statuses: int) -> str:
    try:
        await client.connect_async()
    except AnamError as error:
        right = isinstance(error, AuthenticationError) == (error.status_code == 401)
        expect(right and error.status_code in statuses, f"{error.status_code}: {error!r}")
        return f"{error.status_code}: {error.message}"
    raise AssertionError("it was let in")


def with_key(key: str, avatar: str) -> AnamClient:
    return AnamClient(api_key=key, persona_config=PersonaConfig(avatar_id=avatar), options=OPTIONS)


async def main() -> None:
    await check("a server gets a session token", gets_a_token)
    await check("a session token opens the session", opens_with_the_token)
    await check("an API key opens the session", opens_with_the_key)
    await check("a false session token is refused", false_token)
    await check("a false API key is refused", false_key)
    await check("an unknown avatar is refused", unknown_avatar)


asyncio.run(main())
