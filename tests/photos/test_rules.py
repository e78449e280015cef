"""The rules: each is met by an odd file, and nothing is ever found that no rule tells of."""

import re

import pytest

from avatars.photos.checklist import checklist
from avatars.photos.inspect import inspect
from avatars.photos.prepare import SENT_BYTES_MAX, prepare
from avatars.photos.rules import CHECKS, RULES
from tests.photos.expected import FOUND, HIDDEN
from tests.photos.oddities import ODDITIES
from tests.photos.pictures import GPS_WORDS, SCRIPT, opened

WHAT = {name: codes.split() for codes, names in FOUND.items() for name in names}
BY_NAME = pytest.mark.parametrize("name", ODDITIES)


def test_every_odd_file_is_expected_to_be_something() -> None:
    assert set(WHAT) == set(ODDITIES)
    assert len(ODDITIES) >= 60


@BY_NAME
def test_an_odd_file_is_found_to_be_just_that(name: str) -> None:
    """What is told of faces in them is left to the tests of faces."""
    found = [finding.code for finding in inspect(ODDITIES[name]).findings]
    assert [code for code in found if RULES[code].check != "face"] == WHAT[name]


def test_every_rule_is_met_by_an_odd_file() -> None:
    met = {code for codes in WHAT.values() for code in codes}
    assert {code for code, rule in RULES.items() if rule.check != "face"} <= met


@BY_NAME
def test_every_finding_is_of_a_rule_and_errors_come_first(name: str) -> None:
    findings = inspect(ODDITIES[name]).findings
    for finding in findings:
        rule = RULES[finding.code]
        assert (finding.severity, finding.title) == (rule.severity, rule.title)
        assert all(finding.as_dict().values())
    order = [("error", "advice", "fixed").index(finding.severity) for finding in findings]
    assert order == sorted(order)


@BY_NAME
def test_the_list_of_checks_tells_every_finding_once(name: str) -> None:
    inspection = inspect(ODDITIES[name])
    told = [check.code for check in checklist(inspection) if check.code]
    assert sorted(told) == sorted(finding.code for finding in inspection.findings)
    has_unknown = any(check.state == "unknown" for check in checklist(inspection))
    assert has_unknown is not inspection.facts.decoded


@BY_NAME
def test_an_odd_photo_that_passes_is_sent_small_and_bare(name: str) -> None:
    photo = inspect(ODDITIES[name]).photo
    if photo is None:
        assert inspect(ODDITIES[name]).errors
        return
    sent = prepare(photo, thumbnails=False)
    picture = opened(sent.data)
    assert len(sent.data) <= SENT_BYTES_MAX
    assert picture.mode == "RGB"
    assert not picture.getexif()
    assert GPS_WORDS not in sent.data
    assert SCRIPT not in sent.data
    assert inspect(sent.data).fixes == ()


@pytest.mark.parametrize("name", HIDDEN)
def test_hidden_data_is_told_by_its_kinds(name: str) -> None:
    (found,) = (f for f in inspect(ODDITIES[name]).fixes if f.code == "metadata")
    assert found.measured == HIDDEN[name]


@pytest.mark.parametrize("code", RULES)
def test_a_rule_says_all_that_its_page_and_its_findings_need(code: str) -> None:
    rule = RULES[code]
    assert rule.code == code
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code)
    assert rule.wanted
    assert rule.title[0].isupper()
    assert not rule.title.endswith(".")
    assert rule.how_to_fix.endswith(".")
    assert rule.why.endswith(".")
    assert 2 <= len(re.findall(r"[.?](?= |$)", rule.why)) <= 4


def test_rules_stand_in_the_order_of_the_list_of_checks() -> None:
    places = [list(CHECKS).index(rule.check) for rule in RULES.values()]
    assert places == sorted(places)
