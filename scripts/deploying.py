"""Which version of each function answers: what scripts/deploy does after Terraform has made the new ones.

    deploying.py whoami                                  the account that the credentials belong to
    deploying.py invoke FUNCTION [EVENT]                 run it once, with its newest code
    deploying.py publish PREFIX URL [--watch S] < NAMES  move the functions to their newest versions
    deploying.py rollback PREFIX URL < NAMES             move them back to where they were before the last release
    deploying.py smoke URL                               ask the API what it must answer

NAMES is Terraform's output `functions`. Each function's alias says in its description which release brought it where it is, and
from which version; so a release can be taken back, or gone on with where it was interrupted, and nothing else is remembered.
"""

import argparse
import dataclasses
import datetime
import json
import re
import sys
import time
import urllib.error
import urllib.request

ALIAS = "live"
PART = 0.1  # of the calls go to the new version while it is watched
WATCHED_S, PAUSE_S = 120, 10  # CloudWatch counts errors by the minute
KEPT = 5  # versions of a function, beside those that the alias needs


class Stopped(Exception):
    """Why nothing more is done, for the person who asked."""


@dataclasses.dataclass(frozen=True)
class Alias:
    version: str
    weights: dict = dataclasses.field(default_factory=dict)  # part of the calls by another version
    note: str = ""

    @property
    def release(self):
        return self._noted(1)

    @property
    def before(self):
        return self._noted(2)

    def _noted(self, group):
        found = re.fullmatch(r"release (\S+) from version (\d+)", self.note)
        return found[group] if found else None


def noted(release, before):
    return f"release {release} from version {before}"


def due(aliases, newest):
    """The functions whose alias is not at their newest version, with that version."""
    return {name: newest[name] for name, alias in aliases.items() if newest[name] != alias.version}


def release_name(aliases, now):
    """That of a release that was interrupted, or a new one."""
    begun = [alias.release for alias in aliases.values() if alias.weights and alias.release]
    return max(begun, default=now)


def last_release(aliases):
    """Which release is the last, and the version that each of its functions had before."""
    release = max((alias.release for alias in aliases.values() if alias.release), default=None)
    return release, {name: alias.before for name, alias in aliases.items() if release and alias.release == release}


def superseded(versions, alias):
    """Versions that neither answer nor would after a rollback, but for the newest few."""
    needed = {alias.version, alias.before, *alias.weights}
    return [version for version in sorted(versions, key=int)[:-KEPT] if version not in needed]


def publish(cloud, names, now, watch=None, looks=WATCHED_S // PAUSE_S):
    """`watch` waits a moment, and raises if the API answers wrongly; without it the functions are moved at once."""
    aliases = {name: cloud.alias(name) for name in names}
    versions = {name: cloud.versions(name) for name in names}
    moved = due(aliases, {name: max(found, key=int) for name, found in versions.items()})
    if not moved:
        print(f"{len(names)} functions, all at their newest version")
        return
    release = release_name(aliases, now)
    if watch:
        try_a_part(cloud, aliases, moved, release, watch, looks)
    for name, version in moved.items():
        cloud.point(name, Alias(version, {}, noted(release, aliases[name].version)))
        for old in superseded(versions[name], cloud.alias(name)):
            cloud.remove(name, old)
    print(f"release {release}: {len(moved)} of {len(names)} functions moved to their newest version")


def try_a_part(cloud, aliases, moved, release, watch, looks):
    """Sends a part of the calls to the new versions and looks at the alarms. Whatever ends it early takes the part back."""
    already = cloud.alarms()
    if blind := sorted(alarm for alarm, function in already.items() if function in moved):
        raise Stopped(f"on already, so that the new version could not be judged: {', '.join(blind)}. Mend that, or use --at-once")
    try:
        for name, version in moved.items():
            old = aliases[name]
            cloud.point(name, Alias(old.version, {version: PART}, noted(release, old.version)))
        print(f"{len(moved)} functions: {PART:.0%} of the calls go to the new version", flush=True)
        for _ in range(looks):
            watch()
            if fresh := sorted(set(cloud.alarms()) - set(already)):
                raise Stopped(f"went off: {', '.join(fresh)}")
    except BaseException as reason:
        for name in moved:
            cloud.point(name, Alias(aliases[name].version, {}, aliases[name].note))
        if isinstance(reason, Stopped):
            raise Stopped(f"{reason}. All calls go to the old versions again") from reason
        raise


def rollback(cloud, names):
    aliases = {name: cloud.alias(name) for name in names}
    release, before = last_release(aliases)
    if not before:
        raise Stopped("no release is noted that could be taken back")
    for name, version in before.items():
        cloud.point(name, Alias(version))
    print(f"release {release} is taken back: {len(before)} functions answer with the version from before it")


class Aws:
    """The four calls that the above needs."""

    def __init__(self, prefix):
        import boto3

        self.prefix, self.functions, self.cloudwatch = prefix, boto3.client("lambda"), boto3.client("cloudwatch")

    def alias(self, name):
        found = self.functions.get_alias(FunctionName=name, Name=ALIAS)
        return Alias(found["FunctionVersion"], found.get("RoutingConfig", {}).get("AdditionalVersionWeights", {}), found.get("Description", ""))

    def versions(self, name):
        pages = self.functions.get_paginator("list_versions_by_function").paginate(FunctionName=name)
        return [found["Version"] for page in pages for found in page["Versions"] if found["Version"] != "$LATEST"]

    def point(self, name, alias):
        self.functions.update_alias(
            FunctionName=name, Name=ALIAS, FunctionVersion=alias.version, Description=alias.note,
            RoutingConfig={"AdditionalVersionWeights": alias.weights},
        )

    def remove(self, name, version):
        self.functions.delete_function(FunctionName=name, Qualifier=version)

    def alarms(self):
        """The environment's alarms that are on, with the function that each is about."""
        pages = self.cloudwatch.get_paginator("describe_alarms").paginate(AlarmNamePrefix=self.prefix, StateValue="ALARM")
        alarms = [alarm for page in pages for alarm in page["MetricAlarms"]]
        about = lambda alarm: next((d["Value"] for d in alarm.get("Dimensions", []) if d["Name"] == "FunctionName"), None)  # noqa: E731
        return {alarm["AlarmName"]: about(alarm) for alarm in alarms}


# Path, status, and what it shows: a function without the database, one that was refused by the authorizer, and one behind it all.
ANSWERS = [("/v1/openapi.json", 200), ("/docs", 200), ("/v1/plan", 401), ("/v1/no-such-route", 404)]


def smoke(url):
    for path, wanted in ANSWERS:
        try:
            with urllib.request.urlopen(url + path, timeout=30) as answer:
                got = answer.status
        except urllib.error.HTTPError as error:
            got = error.code
        except OSError as error:
            raise Stopped(f"{url}{path} does not answer: {error}") from error
        if got != wanted:
            raise Stopped(f"{url}{path} answers {got} instead of {wanted}")


def watch(url):
    time.sleep(PAUSE_S)
    smoke(url)


def invoke(name, event):
    import boto3
    from botocore.config import Config

    # A second try would run beside the first.
    client = boto3.client("lambda", config=Config(read_timeout=910, retries={"total_max_attempts": 1}))
    answer = client.invoke(FunctionName=name, Payload=event.encode())
    text = answer["Payload"].read().decode()
    if "FunctionError" in answer:
        raise Stopped(f"{name} failed: {text}")
    print(f"{name}: {text}")


def whoami():
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        print(boto3.client("sts").get_caller_identity()["Account"])
    except (BotoCoreError, ClientError) as error:
        raise Stopped(f"AWS knows no credentials here: {error}") from error


def names():
    return sorted(json.load(sys.stdin).values())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("whoami")
    command = commands.add_parser("invoke")
    command.add_argument("function")
    command.add_argument("event", nargs="?", default="{}")
    commands.add_parser("smoke").add_argument("url")
    for name in ("publish", "rollback"):
        command = commands.add_parser(name)
        command.add_argument("prefix")
        command.add_argument("url")
        if name == "publish":
            command.add_argument("--watch", type=int, default=WATCHED_S, metavar="S", help="seconds; 0 moves them at once")
    asked = parser.parse_args()
    try:
        if asked.command == "publish":
            now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
            publish(Aws(asked.prefix), names(), now, asked.watch and (lambda: watch(asked.url)), -(-asked.watch // PAUSE_S))
        elif asked.command == "rollback":
            rollback(Aws(asked.prefix), names())
            smoke(asked.url)
        elif asked.command == "invoke":
            invoke(asked.function, asked.event)
        elif asked.command == "smoke":
            smoke(asked.url)
        else:
            whoami()
    except Stopped as reason:
        sys.exit(f"scripts/deploy: {reason}")


if __name__ == "__main__":
    main()
