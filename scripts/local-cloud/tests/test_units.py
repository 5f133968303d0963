"""What needs no running cloud."""

import json
import pathlib
import subprocess

import pytest
from conftest import HERE

from local_cloud import (
    addresses,
    firewall,
    fixes,
    images,
    instance_types,
    requests_ec2,
    settings,
    site,
)
from local_cloud.processes import Process


def fix(anchor, replacement, after=""):
    return fixes.Fix("reason", "file.py", anchor, replacement, after)


def test_a_fix_replaces_its_anchor():
    assert fix("b", "X").apply("abc") == "aXc"


@pytest.mark.parametrize("text", ["ac", "abbc"])
def test_a_fix_whose_anchor_is_gone_or_ambiguous_stops_the_start(text):
    with pytest.raises(fixes.AnchorGone):
        fix("b", "X").apply(text)


def test_a_fix_can_name_the_place_behind_which_its_anchor_is():
    assert fix("b", "X", after="here").apply("b here b b") == "b here X b"
    with pytest.raises(fixes.AnchorGone):
        fix("b", "X", after="there").apply("b here b")


def test_every_service_of_ours_can_be_asked_for_its_state():
    """At its end the emulator asks each service that was called; one that can't answer loses the state of all."""
    for service in ("pricing", "service_quotas"):
        source = (HERE.parent / f"local_cloud/fixes/{service}.py").read_text()
        for function in ("get_state()", "load_persisted_state(data)", "reset()"):
            assert f"def {function}:" in source, f"{service}: {function}"


def test_all_fixes_apply_to_the_pinned_emulator(emulator_copy):
    for entry in fixes.all_fixes():
        text = (emulator_copy / "ministack" / entry.file).read_text()
        assert entry.replacement in text
        compile(text, entry.file, "exec")


def rule(protocol="tcp", first=5432, last=5432, ranges=(), pairs=()):
    return {"IpProtocol": protocol, "FromPort": first, "ToPort": last,
            "IpRanges": [{"CidrIp": r} for r in ranges], "UserIdGroupPairs": [{"GroupId": p} for p in pairs]}


def member(name, address, *groups, public=""):
    return firewall.Member(name, f"vb-{name}", address, public, groups)


@pytest.mark.parametrize("permission, line", [
    (rule(ranges=["203.0.113.0/24"]), "tcp dport 5432-5432 ip saddr 203.0.113.0/24 accept"),
    (rule("udp", 1, 9, ["10.0.0.0/8"]), "udp dport 1-9 ip saddr 10.0.0.0/8 accept"),
    (rule("-1", None, None, ["10.0.0.1/32"]), "ip saddr 10.0.0.1/32 accept"),
    (rule("icmp", -1, -1, ["0.0.0.0/0"]), "ip protocol icmp ip saddr 0.0.0.0/0 accept"),
    (rule("tcp", None, None, ["10.0.0.0/8"]), "meta l4proto tcp ip saddr 10.0.0.0/8 accept"),
])
def test_a_permission_becomes_a_rule(permission, line):
    assert firewall.accepted(permission, lambda _: []) == [line]


def test_a_rule_that_names_a_group_lets_in_its_members_alone():
    members = [member("cs1", "172.31.0.4", "db"), member("cs2", "172.31.0.5", "app"), member("cs3", "172.31.0.6", "other")]
    text = firewall.render(members, {"db": [rule(pairs=["app"])]})
    chain = text[text.index("chain to_cs1"):text.index("chain to_cs2")]
    assert "ip saddr 172.31.0.5 accept" in chain
    assert "172.31.0.6" not in chain


def test_a_machine_without_rules_drops_everything():
    text = firewall.render([member("cs1", "172.31.0.4", "none")], {})
    chain = text[text.index("chain to_cs1"):].split("}")[0]
    assert "drop" in chain and "accept" not in chain


def test_a_machine_can_not_send_from_an_address_of_another():
    text = firewall.render([member("cs1", "172.31.0.4")], {})
    assert 'iifname "vb-cs1" ether type ip ip saddr != 172.31.0.4 drop' in text


def test_the_first_addresses_of_a_subnet_are_the_routers():
    assert addresses.private("172.31.0.0/20", set()) == "172.31.0.4"
    assert addresses.private("172.31.0.0/20", {"172.31.0.4"}) == "172.31.0.5"
    assert addresses.private("172.31.0.0/20", set(), "172.31.3.3") == "172.31.3.3"


@pytest.mark.parametrize("wished", ["172.31.0.1", "172.31.15.255", "10.0.0.9"])
def test_an_address_that_can_not_be_had_is_refused(wished):
    with pytest.raises(addresses.Exhausted):
        addresses.private("172.31.0.0/20", {"172.31.0.4"}, wished)


def test_an_address_that_a_machine_has_is_in_use():
    with pytest.raises(addresses.Taken):
        addresses.private("172.31.0.0/20", {"172.31.0.4"}, "172.31.0.4")


def test_a_full_subnet_says_so():
    with pytest.raises(addresses.Exhausted):
        addresses.private("10.0.0.0/28", {f"10.0.0.{n}" for n in range(16)})


def test_a_token_answers_what_it_made_and_refuses_another_request():
    asked = {"Action": ["RunInstances"], "ImageId": ["ami-1"], "ClientToken": ["t"]}
    record = {"_client_token": "t", "_request_digest": requests_ec2.digest(asked)}
    assert requests_ec2.found_by_token([record], "t", requests_ec2.digest(asked)) == [record]
    assert requests_ec2.found_by_token([record], "other", "d") == []
    assert requests_ec2.found_by_token([record], "", "d") == []
    with pytest.raises(requests_ec2.Refused) as refused:
        requests_ec2.found_by_token([record], "t", requests_ec2.digest({**asked, "ImageId": ["ami-2"]}))
    assert refused.value.code == "IdempotentParameterMismatch"


def test_user_data_has_the_limit_of_ec2():
    import base64

    fits, too_long = (base64.b64encode(b"x" * size).decode() for size in (16384, 16385))
    assert requests_ec2.check_user_data(fits) == fits
    for wrong in (too_long, "not base64!"):
        with pytest.raises(requests_ec2.Refused):
            requests_ec2.check_user_data(wrong)


@pytest.mark.parametrize("name, vcpus, gib, architecture", [
    ("t3.medium", 2, 4, "x86_64"), ("t3a.micro", 2, 1, "x86_64"), ("m7i.large", 2, 8, "x86_64"), ("c7g.xlarge", 4, 8, "arm64"),
    ("r7i.large", 2, 16, "x86_64"), ("t2.micro", 1, 1, "x86_64"),
])
def test_instance_types_are_as_published(name, vcpus, gib, architecture):
    kind = instance_types.TYPES[name]
    assert (kind["vcpus"], kind["memory_mib"], kind["architecture"]) == (vcpus, gib * 1024, architecture)


def test_a_region_has_only_the_types_that_it_offers():
    assert "m8a.large" in instance_types.offered("us-east-1")
    here = instance_types.offered("ca-central-1")
    assert "m8a.large" not in here and "m7i.large" in here and "t2.micro" in here


# Runs in the emulator's own code, in a process of its own: it keeps its state in modules.
IN_THE_EMULATOR = """
import asyncio, json, sys, xml.etree.ElementTree as tree
sys.path[:0] = [{copy!r}, {package!r}]
from ministack import app
from ministack.core import responses, router
from ministack.services import ec2, pricing
from local_cloud import instance_types
ec2._filter_value_matches  # the seam that instance_types leans on
names, token = [], ""
while token is not None:
    more = {{"NextToken": [token]}} if token else {{}}
    status, _, body = instance_types.describe(ec2, {{"Filter.1.Name": ["processor-info.supported-architecture"],
                                                     "Filter.1.Value.1": ["arm64"], **more}})[:3]
    root = tree.fromstring(body)
    space = root.tag.partition("}}")[0] + "}}"
    page = [item.text for item in root.iter(space + "instanceType")]
    assert status == 200 and len(page) <= 100, (status, len(page))
    names += page
    token = root.findtext(space + "nextToken")
baselines = [int(item.text) for item in root.iter(space + "baselineIops")]

def products(service, **filters):
    asked = {{"ServiceCode": service, "MaxResults": 50,
             "Filters": [{{"Type": "TERM_MATCH", "Field": key, "Value": value}} for key, value in filters.items()]}}
    found = []
    while True:
        headers = {{"x-amz-target": "AWSPriceListService.GetProducts"}}
        status, _, body = asyncio.run(pricing.handle_request("POST", "/", headers, json.dumps(asked).encode(), {{}}))
        answer = json.loads(body)
        found += [json.loads(text) for text in answer["PriceList"]]
        if "NextToken" not in answer:
            return found
        asked["NextToken"] = answer["NextToken"]

def price(product):
    [term] = product["terms"]["OnDemand"].values()
    [dimension] = term["priceDimensions"].values()
    return [dimension["unit"], dimension["pricePerUnit"]["USD"]]

machines = products("AmazonEC2", productFamily="Compute Instance", regionCode="us-east-1", operatingSystem="Linux")
print(json.dumps({{
    "arm": len(names), "arm_names": names[:1] + names[-1:], "no_baseline": 0 in baselines, "machines": len(machines),
    "m7i.large": [price(p) for p in machines if p["product"]["attributes"]["instanceType"] == "m7i.large"],
    "gp3": [price(p) for p in products("AmazonEC2", volumeApiName="gp3", regionCode="us-east-1")],
    "elsewhere": len(products("AmazonEC2", regionCode="mars-north-1")),
    "routed": router.detect_service("POST", "/", {{"x-amz-target": "AWSPriceListService.GetProducts"}}, {{}}),
    "module": app.SERVICE_REGISTRY["pricing"],
}}))
"""


def test_the_emulator_describes_the_catalogue_s_types_and_prices(tmp_path, emulator_copy):
    code = IN_THE_EMULATOR.format(copy=str(emulator_copy), package=str(HERE.parent))
    run = subprocess.run([settings.VENV / "bin/python", "-c", code], capture_output=True, text=True, cwd=tmp_path, timeout=60)
    assert run.returncode == 0, run.stderr[-2000:]
    seen = json.loads(run.stdout.splitlines()[-1])
    assert seen["arm"] > 100 and seen["arm_names"][0] == "c6g.12xlarge" and not seen["no_baseline"]
    assert seen["machines"] > 800 and seen["m7i.large"] == [["Hrs", "0.1008000000"]]
    assert seen["gp3"] == [["GB-Mo", "0.0800000000"], ["IOPS-Mo", "0.0050000000"], ["GiBps-mo", "40.9600000000"]]
    assert seen["elsewhere"] == 0
    assert seen["routed"] == "pricing" and seen["module"] == {"module": "pricing"}


ALLOWED_AND_REFUSED = """
import json, sys
sys.path[:0] = [{copy!r}]
from ministack.core import iam_evaluator
from ministack.services import iam
policy = {{"Statement": [{{"Sid": "Send", "Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:*:*:jobs"}}]}}
principals = {{
    "role": iam_evaluator.PrincipalInfo("arn:aws:sts::000000000000:assumed-role/worker/run-1", "AssumedRole", "000000000000",
                                        [iam_evaluator.parse_policy_document(policy)]),
    "root": iam_evaluator.PrincipalInfo("arn:aws:iam::000000000000:root", "Root", "000000000000", None),
}}
iam_evaluator.authenticate = lambda key, account: None
iam_evaluator.resolve_principal = lambda key, account, credential: principals[key]
for key, action in [("role", "SendMessage"), ("role", "SendMessage"), ("role", "PurgeQueue"), ("root", "PurgeQueue")]:
    iam_evaluator.enforce(key, "sqs:" + action, "sqs", "ca-central-1", "arn:aws:sqs:ca-central-1:000000000000:jobs")
"""


def test_iam_writes_down_each_decision_about_a_role_once(tmp_path, emulator_copy):
    (tmp_path / "log").mkdir()
    code = ALLOWED_AND_REFUSED.format(copy=str(emulator_copy))
    environment = {"CLOUDSAIL_LOCAL": str(tmp_path), "AUTH": "true", "PATH": settings.CLEAN_PATH}
    run = subprocess.run([settings.VENV / "bin/python", "-c", code], capture_output=True, text=True, env=environment, timeout=60)
    assert run.returncode == 0, run.stderr[-2000:]
    call = {"account": "000000000000", "role": "worker", "resource": "arn:aws:sqs:ca-central-1:000000000000:jobs"}
    assert [json.loads(line) for line in (tmp_path / "log/calls.jsonl").read_text().splitlines()] == [
        {**call, "action": "sqs:SendMessage", "statement": "Send", "allowed": True},
        {**call, "action": "sqs:PurgeQueue", "statement": "", "allowed": False},
    ]


@pytest.mark.parametrize("text, mirror", [
    ("deb http://mirror.example/debian bookworm main", "http://mirror.example/debian"),
    ("Types: deb\nURIs: https://mirror.example/debian/\nSuites: trixie", "https://mirror.example/debian"),
    ("deb https://packages.example/tool stable main", images.DEFAULT_MIRROR),
    ("# deb http://mirror.example/debian bookworm main", images.DEFAULT_MIRROR),
    ("deb http://mirror.example/debian-security bookworm-security main", images.DEFAULT_MIRROR),
])
def test_the_host_s_own_archive_serves_the_images(text, mirror):
    assert images.mirror(text) == mirror


def test_a_pid_that_belongs_to_another_program_is_not_believed(tmp_path, monkeypatch):
    import os

    monkeypatch.setattr(settings, "RUN", tmp_path)
    (tmp_path / "x.pid").write_text(str(os.getpid()))
    assert Process("x", ["true"], marker="no such program").pid() is None


def test_no_file_is_longer_than_a_reader_bears():
    for path in [*HERE.rglob("*.py"), *(HERE.parent / "local_cloud").rglob("*.py")]:
        assert len(pathlib.Path(path).read_text().splitlines()) <= 400, path


def test_the_site_is_asked_as_the_distribution_and_the_api_as_itself():
    names = {"api_id": "a1", "domain_name": "d1.cloudfront.net"}
    assert site.target("/plan/plan_1", names) == ("/plan/plan_1", {"Host": "d1.cloudfront.net", "X-Forwarded-Proto": "https"})
    assert site.target("/v1/plan?limit=2", names) == ("/_aws/execute-api/a1/$default/v1/plan?limit=2", {})
    assert site.target("/docs", names) == ("/_aws/execute-api/a1/$default/docs", {})


def test_the_site_says_what_to_do_before_the_first_apply(monkeypatch, tmp_path):
    monkeypatch.setattr(settings, "TERRAFORM", tmp_path)
    assert site.made() is None
    (tmp_path / "outputs.json").write_text(json.dumps({"api_id": {"value": "a1"}, "site": {"value": {"domain_name": "d1.cloudfront.net"}}}))
    assert site.made() == {"api_id": "a1", "domain_name": "d1.cloudfront.net"}
