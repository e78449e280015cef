"""Anam's MCP server, started as its users do, and asked for what it does with avatars.

As read from anam-mcp 0.1.13: the address is ANAM_API_URL, without a slash at its end, the key
ANAM_API_KEY. Its answers are text. A list is one page of 100; a search is that page, looked through
by itself. It takes any avatar without `createdByOrganizationId` for stock, and stumbles over a
`displayName` or `variantName` that is null.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from mcp import ClientSession, StdioServerParameters  # type: ignore[import-not-found]
from mcp.client.stdio import stdio_client  # type: ignore[import-not-found]

from .telling import AVATAR, BASE_URL, SPARE, TOKEN, check, expect

BEFORE, AFTER = "Made to be deleted", "Renamed by MCP"


@asynccontextmanager
async def server(key: str) -> AsyncIterator[ClientSession]:
    command = str(Path(sys.executable).with_name("anam-mcp"))
    environment = {"ANAM_API_URL": BASE_URL, "ANAM_API_KEY": key}
    parameters = StdioServerParameters(command=command, env=environment)
    async with stdio_client(parameters) as streams, ClientSession(*streams) as session:
        await session.initialize()
        yield session


async def asked(session: ClientSession, tool: str, **arguments: object) -> str:
    """The text of the answer, which may begin with "Error:"."""
    result = await session.call_tool(tool, arguments)
    text = "\n".join(part.text for part in result.content)
    expect(not result.isError, text)
    return text


async def told(session: ClientSession, tool: str, *words: str, **arguments: object) -> str:
    text = await asked(session, tool, **arguments)
    missing = [word for word in words if word not in text]
    expect(not missing, f"{missing} not in: {text}")
    return text.splitlines()[0]


async def gets(session: ClientSession, name: str) -> str:
    avatar = json.loads(await asked(session, "get_avatar", avatar_id=SPARE))
    expect((avatar["id"], avatar["displayName"]) == (SPARE, name), avatar)
    return f"{len(avatar)} fields"


async def gets_a_token(session: ClientSession) -> str:
    wanted = {"avatar_id": AVATAR, "max_session_length_seconds": 60}
    text = await asked(session, "create_session_token", **wanted)
    token = text.splitlines()[-1]
    expect(text.startswith("Session token created") and token.strip(), text)
    return f"a session token of {len(token)} characters"


async def false_key() -> str:
    async with server("no-key-of-this-server") as session:
        return await told(session, "list_avatars", "Invalid API key")


async def main() -> None:
    async with server(TOKEN) as session:
        say = partial(told, session)
        await check("lists", partial(say, "list_avatars", SPARE, BEFORE, "custom"))
        await check("searches", partial(say, "search_avatars", SPARE, query="TO BE DEL"))
        await check("finds nothing", partial(say, "search_avatars", "No avatars", query="zzzzzz"))
        await check("gets", partial(gets, session, BEFORE))
        rename = {"avatar_id": SPARE, "display_name": AFTER}
        await check("renames", partial(say, "update_avatar", f"Updated avatar: {AFTER}", **rename))
        await check("gets the new name", partial(gets, session, AFTER))
        await check("gets a session token", partial(gets_a_token, session))
        await check("deletes", partial(say, "delete_avatar", "Deleted avatar", avatar_id=SPARE))
        await check("finds it gone", partial(say, "get_avatar", "Not found", avatar_id=SPARE))
    await check("a false API key is refused", false_key)


asyncio.run(main())
