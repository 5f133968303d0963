"""Which versions a deploy moves to, and when it goes back; the cloud is a dictionary here."""

import pathlib
import sys

import pytest

sys.path.append(str(pathlib.Path(__file__).parents[1]))

from deploying import KEPT, PART, PAUSE_S, WATCHED_S, Alias, Stopped, publish, rollback, superseded  # noqa: E402


class Cloud:
    """`red` answers the alarms that are on, by how often it was asked."""

    def __init__(self, aliases, versions, red=lambda look: {}):
        self.aliases, self.kept, self.red, self.looks, self.seen = dict(aliases), versions, red, 0, []

    def alias(self, name):
        return self.aliases[name]

    def versions(self, name):
        return self.kept[name]

    def point(self, name, alias):
        self.aliases[name] = alias
        self.seen.append((name, alias))

    def remove(self, name, version):
        self.kept[name] = [kept for kept in self.kept[name] if kept != version]

    def alarms(self):
        self.looks += 1
        return self.red(self.looks)


def two(red=lambda look: {}):
    """`a` has a new version, `b` has none."""
    return Cloud({"a": Alias("1"), "b": Alias("3", {}, "release R0 from version 2")}, {"a": ["1", "2"], "b": ["2", "3"]}, red)


def at(cloud):
    return {name: alias.version for name, alias in cloud.aliases.items()}


def nothing():
    pass


def test_only_what_has_a_newer_version_is_moved_first_with_a_part_of_the_calls():
    cloud = two()
    publish(cloud, ["a", "b"], "R1", nothing)
    assert cloud.seen == [
        ("a", Alias("1", {"2": PART}, "release R1 from version 1")),
        ("a", Alias("2", {}, "release R1 from version 1")),
    ]
    assert cloud.looks == WATCHED_S // PAUSE_S + 1


def test_the_newest_version_is_the_largest_number_and_not_the_last_text():
    cloud = Cloud({"a": Alias("9")}, {"a": ["10", "9"]})
    publish(cloud, ["a"], "R1")
    assert at(cloud) == {"a": "10"}


def test_a_second_run_moves_nothing():
    cloud = two()
    publish(cloud, ["a", "b"], "R1")
    moved = len(cloud.seen)
    publish(cloud, ["a", "b"], "R2", nothing)
    assert len(cloud.seen) == moved


def test_an_alarm_that_goes_off_sends_all_calls_to_the_old_version_again():
    cloud = two(lambda look: {"api-5xx": None} if look > 2 else {})
    with pytest.raises(Stopped, match="api-5xx"):
        publish(cloud, ["a", "b"], "R1", nothing)
    assert cloud.aliases["a"] == Alias("1")


def test_an_alarm_that_was_on_before_and_is_about_something_else_is_no_reason():
    cloud = two(lambda look: {"jobs-dead-depth": None, "b-errors": "b"})
    publish(cloud, ["a", "b"], "R1", nothing)
    assert at(cloud) == {"a": "2", "b": "3"}


def test_a_function_whose_alarm_is_on_can_not_be_judged():
    cloud = two(lambda look: {"a-errors": "a"})
    with pytest.raises(Stopped, match="a-errors"):
        publish(cloud, ["a", "b"], "R1", nothing)
    assert cloud.seen == []
    publish(cloud, ["a", "b"], "R1")
    assert at(cloud)["a"] == "2"


@pytest.mark.parametrize("ending", [KeyboardInterrupt, Stopped, OSError])
def test_whatever_ends_the_watch_takes_the_part_back(ending):
    def watch():
        raise ending

    cloud = two()
    with pytest.raises(ending):
        publish(cloud, ["a", "b"], "R1", watch)
    assert cloud.aliases["a"] == Alias("1")


def test_a_release_that_was_killed_is_gone_on_with_and_taken_back_as_one():
    # Killed while it moved: `a` is there, `b` still has its part.
    cloud = Cloud(
        {"a": Alias("2", {}, "release R1 from version 1"), "b": Alias("3", {"4": PART}, "release R1 from version 3")},
        {"a": ["1", "2"], "b": ["3", "4"]},
    )
    publish(cloud, ["a", "b"], "R2", nothing)
    assert at(cloud) == {"a": "2", "b": "4"}
    rollback(cloud, ["a", "b"])
    assert at(cloud) == {"a": "1", "b": "3"}


def test_a_rollback_takes_back_the_last_release_alone_and_only_once():
    cloud = two()
    publish(cloud, ["a", "b"], "R1")
    rollback(cloud, ["a"])
    assert cloud.aliases["a"] == Alias("1")
    with pytest.raises(Stopped):
        rollback(cloud, ["a"])


def test_a_rollback_leaves_what_the_last_release_did_not_touch():
    cloud = two()
    publish(cloud, ["a", "b"], "R1")
    rollback(cloud, ["a", "b"])
    assert at(cloud) == {"a": "1", "b": "3"}


def test_old_versions_go_but_never_one_that_is_needed():
    versions = [str(number) for number in range(1, 12)]
    assert superseded(versions, Alias("11", {}, "release R from version 2")) == ["1", "3", "4", "5", "6"]
    assert superseded(versions[:KEPT], Alias("1")) == []
    cloud = Cloud({"a": Alias("10")}, {"a": versions})
    publish(cloud, ["a"], "R1")
    assert cloud.versions("a") == versions[-KEPT:]
