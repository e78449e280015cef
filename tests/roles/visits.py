"""One cell of the table: somebody comes to a door, what happens is seen, and nothing stays."""

import functools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.core.files import File
from django.db import connection, transaction
from django.db.models import Model
from django.test import Client

from avatars.models import Avatar, Token
from dashboard.people.models import User
from tests.views import doors as any_doors

from . import borrowed, examples
from .doors import SAFE, Door
from .examples import Body, Example
from .house import House, Who

YES, TOLD, LED_ON, AGAIN = "yes", "told", "led on", "password"
SIGN_IN, TOKEN, NO, HIDDEN = "sign in", "token", "no", "hidden"
REFUSALS = (SIGN_IN, TOKEN, NO, HIDDEN)
NO_SUCH_METHOD = "405"
_BY_STATUS = {401: TOKEN, 403: NO, 404: HIDDEN, 405: NO_SUCH_METHOD}
_COUNTERS: dict[type[Model], set[str]] = {
    Token: {"window_began", "window_count", "last_used_at"}  # moved by each call
}
_VALUES = examples.VALUES | borrowed.VALUES
_EXAMPLES = examples.EXAMPLES | borrowed.EXAMPLES


def cell(house: House, door: Door, method: str, who: Who) -> str:
    """What happens, as a word; "others' / own" where that makes a difference."""
    if who is Who.STRANGER:
        return seen(house, door, method, who, house.other)
    own = seen(house, door, method, who, house.people[who])
    if own == NO_SUCH_METHOD or who is Who.DEACTIVATED or not door.is_of_something:
        return own
    others = seen(house, door, method, who, house.other)
    return others if own == others else f"{others} / {own}"


def seen(house: House, door: Door, method: str, who: Who, owner: User) -> str:
    """One word for what happens to a request that would work for somebody who may.

    `owner`: whose things the house is full of.
    """
    example = _example(door, method)
    letters, writes = len(mail.outbox), _Writes()
    with _undone(house, door, owner, example), connection.execute_wrapper(writes):
        response = _ask(house, who, method, _address(door, house, owner), example)
    if method in SAFE or not (writes.any or len(mail.outbox) > letters):
        return _word(response, method, changed=False)
    # Something was written, which says little: it may be what was there before.
    house.put_back()
    with _undone(house, door, owner, example):
        path = _address(door, house, owner)
        before = _facts(example)
        response = _ask(house, who, method, path, example)
        changed = _facts(example) != before
    house.put_back()
    return _word(response, method, changed=changed)


def asks_for_the_password(house: House, door: Door) -> bool:
    """Whether somebody who signed in long ago must say who they are once more."""
    late = replace(house, sessions={Who.VIEWER: house.session_of_old})
    own = house.people[Who.VIEWER]
    asked = [seen(late, door, method, Who.VIEWER, own) for method in ("GET", "POST")]
    return AGAIN in asked and seen(house, door, "GET", Who.VIEWER, own) != AGAIN


class _Writes:
    """Whether any statement has touched a row."""

    any = False

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        if not sql.startswith(("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK")):
            self.any = True
        return result


@contextmanager
def _undone(house: House, door: Door, owner: User, example: Example) -> Iterator[None]:
    """A house of `owner`'s, ready for the example; afterwards as it was."""
    try:
        with transaction.atomic():
            if door.is_of_something and owner != house.other:
                house.belongs_to(owner)
            if example.avatar:
                Avatar.objects.filter(pk=house.avatar.pk).update(**example.avatar)
            example.before(house, owner)
            yield
            transaction.set_rollback(True)
    except BaseException:
        house.put_back()
        raise
    finally:
        cache.clear()


def _example(door: Door, method: str) -> Example:
    usual = borrowed.IN_ADMIN if door.route.startswith("admin/") else Example()
    return _EXAMPLES.get(f"{'GET' if method == 'HEAD' else method} {door.route}", usual)


def _address(door: Door, house: House, owner: Any) -> str:
    values: dict[str, object] = {}
    for place in door.parameters():
        if value := _VALUES.get(place):
            values[place] = value(house, owner)
        elif place.startswith("admin/"):
            values[place] = borrowed.thing_in_admin(place, house, owner)
        else:
            kind = place.rpartition("<")[2].partition(":")[0]
            values[place] = any_doors.EXAMPLES.get(kind, "a")
    return door.address(values)


def _ask(house: House, who: Who, method: str, path: str, example: Example) -> Any:
    """The session is sent everywhere, the token where programs call."""
    client: Client = house.client
    client.cookies = SimpleCookie()
    if who in house.sessions:
        client.cookies[settings.SESSION_COOKIE_NAME] = house.sessions[who]
    program = path.startswith("/v1/") and who in house.tokens
    bearer = {"Authorization": f"Bearer {house.tokens[who]}"} if program else {}
    headers, body = {**example.headers, **bearer}, example.body(house)
    as_form = method == "POST" and (_has_file(body) or not path.startswith("/v1/"))
    if method in SAFE:
        response = client.generic(method, path, headers=headers)
    elif as_form:
        response = client.post(path, body, headers=headers)
    else:
        text = json.dumps(body)
        response = client.generic(method, path, text, "application/json", headers=headers)
    if response.streaming:
        b"".join(response)  # to its end, which closes the file
    return response


def _has_file(body: Body) -> bool:
    return any(isinstance(value, File) for value in body.values())


def _facts(example: Example) -> object:
    """All rows there are, and how many letters. Sessions are none, unless the door is for them."""
    queries = {model: _query(model) for model in apps.get_models(include_auto_created=True)}
    if not example.in_session:
        del queries[Session]
    with connection.cursor() as cursor:
        rows = [_all(cursor, query) for query in queries.values()]
    return rows, len(mail.outbox)


@functools.cache
def _query(model: type[Model]) -> str:
    names = {field.attname for field in model._meta.concrete_fields}
    kept = sorted(names - _COUNTERS.get(model, set()))
    sql, _none = model._base_manager.order_by("pk").values_list(*kept).query.sql_with_params()
    return sql


def _all(cursor: Any, query: str) -> list[Any]:
    cursor.execute(query)
    return list(cursor.fetchall())


def _word(response: Any, method: str, *, changed: bool) -> str:
    word = _answer(response, method, changed=changed)
    return f"{word}, yet it changed something" if changed and word != YES else word


def _answer(response: Any, method: str, *, changed: bool) -> str:
    status = response.status_code
    if known := _BY_STATUS.get(status):
        return known
    if 300 <= status < 400 and (elsewhere := _elsewhere(response["Location"])):
        return elsewhere
    if method not in SAFE and status < 500:
        return YES if changed and status < 400 else TOLD
    if status < 300:
        return YES
    if status < 400:
        return LED_ON if response["Location"].startswith("/") else YES
    return TOLD if status < 500 else str(status)


def _elsewhere(location: str) -> str:
    parts = urlsplit(location)
    if parts.path.endswith("/login/") and "next=" in parts.query:
        return SIGN_IN
    return AGAIN if parts.path == "/accounts/reauthenticate/" else ""
