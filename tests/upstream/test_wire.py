"""Anam's JSON, read with tolerance."""

import json

import pytest

from avatars.upstream.errors import Unintelligible
from avatars.upstream.wire import avatar_from, json_from, page_from, public_version, sentence_from
from tests.upstream.answers import described

HTML = b"<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"


def test_an_avatar_with_nothing_but_an_id_is_read() -> None:
    read = avatar_from({"id": "a-1"})
    assert (read.id, read.display_name, read.image_url, read.video_url) == ("a-1", "", "", "")
    assert read.created_at is None
    assert not read.is_stock


def test_unknown_fields_are_kept() -> None:
    raw = described(idleVideoUrl="https://x.anam.ai/idle", holograms=[{"depth": 3}])
    assert avatar_from(raw).raw == raw


@pytest.mark.parametrize("value", [None, 7, ["a"], {"a": 1}, True])
def test_fields_of_another_type_count_as_missing(value: object) -> None:
    read = avatar_from(
        described(imageUrl=value, videoUrl=value, displayName=value, createdAt=value)
    )
    assert (read.display_name, read.image_url, read.video_url) == ("", "", "")
    assert read.created_at is None


@pytest.mark.parametrize("raw", [None, [], "avatar", {}, {"id": None}, {"id": ""}, {"id": 7}])
def test_without_an_id_it_is_no_avatar(raw: object) -> None:
    with pytest.raises(Unintelligible):
        avatar_from(raw)


def test_an_id_too_long_to_be_kept_is_no_id() -> None:
    with pytest.raises(Unintelligible):
        avatar_from({"id": "a" * 101})


def test_a_null_organization_marks_a_stock_avatar() -> None:
    assert avatar_from(described(createdByOrganizationId=None)).is_stock
    assert not avatar_from(described()).is_stock


@pytest.mark.parametrize("body", [b"", b"Checking your browser", HTML, b"{", b"[" * 100_000])
def test_a_body_that_is_no_json_is_unintelligible(body: bytes) -> None:
    with pytest.raises(Unintelligible):
        json_from(body)


def test_what_a_database_can_not_keep_is_left_out() -> None:
    body = rb'{"id": "a\u0000b", "description": "\ud800!", "x": [NaN, 1e999], "y": {"\u0000": 1}}'
    assert json_from(body) == {"id": "ab", "description": "!", "x": [None, None], "y": {"": 1}}


@pytest.mark.parametrize("raw", [None, [], {}, {"data": None}, {"data": {}}, {"data": "a"}])
def test_a_list_without_avatars_in_data_is_unintelligible(raw: object) -> None:
    with pytest.raises(Unintelligible):
        page_from(raw)


@pytest.mark.parametrize("item", [{}, None, 7, "a-1", {"id": None}, {"id": "a" * 101}])
def test_an_item_without_an_id_hides_no_other(item: object) -> None:
    page = page_from({"data": [described(id="a-1"), item, described(id="a-2")]})
    assert [avatar.id for avatar in page.avatars] == ["a-1", "a-2"]
    assert page.skipped == 1


@pytest.mark.parametrize(
    "meta", [None, [], {}, {"next": None}, {"next": "two"}, {"next": True}, {"next": -1}]
)
def test_a_page_without_a_number_of_the_next_is_the_last(meta: object) -> None:
    assert page_from({"data": [], "meta": meta}).next is None


@pytest.mark.parametrize(
    ("meta", "total"),
    [({"total": 5040}, 5040), ({"total": "many"}, None), ({}, None), (None, None)],
)
def test_a_page_tells_how_many_there_are_where_anam_says_so(meta: object, total: object) -> None:
    assert page_from({"data": [], "meta": meta}).total == total


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b'{"message": "No face", "error": "Unprocessable"}', "No face"),
        (b'{"error": "Quota reached"}', "Quota reached"),
        (
            b'{"error": "Invalid", "details": [{"path": "avatarModel", "message": "Odd"}]}',
            "Invalid. avatarModel: Odd",
        ),
        (b'{"details": [{"path": ["a", 0], "message": "Odd"}, 7, {}]}', "a.0: Odd"),
        (b"error code: 502", "error code: 502"),
        (b"two\r\n\tlines\x07", "two lines"),
        (b"", ""),
        (b"[]", ""),
        (b'{"message": {"nested": true}}', ""),
        (HTML, ""),
        (b"<Error><Code>AccessDenied</Code></Error>", ""),
        (b"Traceback (most recent call last): File", ""),
    ],
)
def test_the_vendors_sentence_is_found_and_markup_is_not_shown(body: bytes, sentence: str) -> None:
    assert sentence_from(body) == sentence


def test_a_long_sentence_is_cut() -> None:
    assert len(sentence_from(json.dumps({"message": "word " * 500}).encode())) == 300


@pytest.mark.parametrize(
    ("raw", "public"),
    [
        ("v1", "cara-2"),
        ("v2", "cara-3"),
        ("cara-4", "cara-4"),
        ("cara-4-20260401", "cara-4-latest"),
        ("cara-9", "cara-9"),
    ],
)
def test_versions_have_one_public_name(raw: str, public: str) -> None:
    assert public_version(raw) == public


def test_names_come_without_what_nobody_sees() -> None:
    assert avatar_from(described("Lab \u202eRTL\u200b")).display_name == "Lab RTL"
