"""What a question says besides its answer: how far it has come; which of its parameters may be files, and whose."""

from __future__ import annotations

from threading import Thread
from typing import Annotated

import pytest

from gis.answering import (
    FILE,
    FileRefusedError,
    file_named,
    heard_by,
    is_heard,
    part,
    told,
    told_through,
    without_files,
)
from gis.asking import ArgumentError, Parameter, question_named

PROPOSAL = next(each for each in question_named("plan_conformance").parameters if each.name == "proposal")


def test_who_listens_hears_how_far_a_question_has_come_and_nobody_else():
    heard: list[float] = []
    told(0.1)
    with heard_by(heard.append):
        told(0.2)
        told(7)
        other = Thread(target=told, args=(0.5,))
        other.start()
        other.join()
    told(0.9)
    assert heard == [0.2, 1.0]


def test_items_are_told_one_after_the_other():
    heard: list[float] = []
    with heard_by(heard.append):
        assert list(told_through("abcd", begin=0.2, end=0.6)) == ["a", "b", "c", "d"]
    assert heard == pytest.approx([0.2, 0.3, 0.4, 0.5, 0.6])


def test_a_part_tells_of_itself_and_is_heard_as_part_of_the_whole():
    heard: list[float] = []
    with heard_by(heard.append):
        with part(0.2, 0.6):
            told(0.5)
            with part(0.5, 1.0):
                told(0)
                told(2)
        told(0.7)
    assert heard == pytest.approx([0.4, 0.4, 0.6, 0.7])
    with part(0.2, 0.6):
        told(0.5)
        assert not is_heard()
    assert len(heard) == 4


def test_what_an_item_tells_is_its_share_of_all_items():
    heard: list[float] = []
    with heard_by(heard.append):
        for _ in told_through("ab", begin=0.5):
            assert list(told_through("xy"))
        told(1)
    assert heard == sorted(heard)
    assert heard == pytest.approx([0.5, 0.5, 0.625, 0.75, 0.75, 0.75, 0.875, 1, 1, 1])


def test_a_part_that_fails_leaves_the_whole_as_it_was():
    heard: list[float] = []
    with heard_by(heard.append):
        with pytest.raises(ValueError, match="wrong"), part(0.2, 0.4):
            raise ValueError("wrong")
        told(0.5)
    assert heard == [0.5]


def test_a_question_may_be_ended_by_who_listens():
    def stop(_share: float) -> None:
        raise TimeoutError

    with heard_by(stop), pytest.raises(TimeoutError):
        list(told_through("ab"))


def test_a_path_is_read_for_who_sits_at_the_machine_alone():
    assert file_named("proposal", "/a/b.gpkg").name == "b.gpkg"
    with without_files():
        with pytest.raises(FileRefusedError, match=r"'/a/b\.gpkg'; files of this machine"):
            file_named("proposal", "/a/b.gpkg")
        with without_files():
            pass
        with pytest.raises(FileRefusedError):
            file_named("proposal", "/a/b.gpkg")
    assert file_named("proposal", "/a/b.gpkg")


def test_a_parameter_that_may_be_a_file_says_so_in_the_signature():
    assert Annotated[str, FILE]
    assert PROPOSAL.is_file
    assert PROPOSAL.is_required
    assert not any(each.is_file for each in question_named("land_balance").parameters)


@pytest.mark.parametrize("given", ["/etc/passwd", "", " x.gpkg", "x{", "scenario", "proposal.geojson", "\\{"])
def test_no_door_hands_on_a_path(given: str):
    assert PROPOSAL.read(given) == given
    with pytest.raises(FileRefusedError):
        PROPOSAL.read(given, files=False)


def test_geojson_and_scenarios_are_handed_on_as_text():
    assert PROPOSAL.read({"type": "Feature", "name": "Đà"}, files=False) == '{"type": "Feature", "name": "Đà"}'
    assert PROPOSAL.read(" scenario:park", files=False) == " scenario:park"


def test_what_has_to_be_given_is_named_where_it_is_missing():
    with pytest.raises(ArgumentError, match="plan_conformance needs proposal: GeoJSON in longitude and latitude"):
        question_named("plan_conformance").read({"plan": "QHC"})


NUMBER, COUNT, FLAG = (Parameter("x", kind, (), kind(0), "") for kind in (float, int, bool))


@pytest.mark.parametrize(
    ("parameter", "given", "read"),
    [(NUMBER, "2.5", 2.5), (NUMBER, 3, 3.0), (COUNT, "7", 7), (FLAG, "no", False), (FLAG, True, True)],
)
def test_a_value_is_read_as_what_its_parameter_is(parameter: Parameter, given: object, read: object):
    assert (parameter.read(given), type(parameter.read(given))) == (read, type(read))


@pytest.mark.parametrize(
    ("parameter", "given"),
    [
        *((NUMBER, each) for each in ("", "x", "nan", "inf", float("nan"), float("inf"), True, None, [], "9" * 400)),
        *((COUNT, each) for each in (2.5, "2.5", False, "9" * 5_000, {})),
        *((FLAG, each) for each in ("maybe", 2, None)),
    ],
)
def test_a_value_that_is_none_of_its_kind_is_refused(parameter: Parameter, given: object):
    with pytest.raises(ArgumentError):
        parameter.read(given)
