"""EC2, beside what the machine room replaces (see ec2_seam.py)."""

from . import Fix

FIXES = [
    Fix(
        "a volume's throughput is kept and not told: a second plan would set it again",
        'services/ec2.py',
        '''    iops = f"<iops>{vol['Iops']}</iops>" if vol.get("Iops") else ""''',
        '''    iops = f"<iops>{vol['Iops']}</iops>" if vol.get("Iops") else ""
    iops += f"<throughput>{vol['Throughput']}</throughput>" if vol.get("Throughput") else ""''',
    ),
    Fix(
        'a VPC endpoint keeps its security groups and private DNS',
        'services/ec2.py',
        '''        "SubnetIds": _parse_member_list(p, "SubnetId"),
        "OwnerId": get_account_id(),
    }
    _parse_tag_specs(p, "vpc-endpoint", vpce_id)''',
        '''        "SubnetIds": _parse_member_list(p, "SubnetId"),
        "SecurityGroupIds": _parse_member_list(p, "SecurityGroupId"),
        "PrivateDnsEnabled": _p(p, "PrivateDnsEnabled") == "true",
        "OwnerId": get_account_id(),
    }
    _parse_tag_specs(p, "vpc-endpoint", vpce_id)''',
    ),
    Fix(
        'a VPC endpoint shows its security groups and private DNS',
        'services/ec2.py',
        '''        <subnetIdSet>{subnet_ids}</subnetIdSet>
        {_tag_set_xml(ep['VpcEndpointId'])}''',
        '''        <subnetIdSet>{subnet_ids}</subnetIdSet>
        <privateDnsEnabled>{'true' if ep.get('PrivateDnsEnabled') else 'false'}</privateDnsEnabled>
        <groupSet>{"".join(f"<item><groupId>{g}</groupId></item>" for g in ep.get("SecurityGroupIds", []))}</groupSet>
        {_tag_set_xml(ep['VpcEndpointId'])}''',
    ),
    Fix(
        'an instance shows its metadata options, lifecycle and client token',
        'services/ec2.py',
        '''        <amiLaunchIndex>{inst['AmiLaunchIndex']}</amiLaunchIndex>
    </item>"""


def _iam_instance_profile_xml''',
        '''        <amiLaunchIndex>{inst['AmiLaunchIndex']}</amiLaunchIndex>
        <clientToken>{inst.get('_client_token', '')}</clientToken>
        {f"<instanceLifecycle>{inst['InstanceLifecycle']}</instanceLifecycle>" if inst.get("InstanceLifecycle") else ""}
        {_metadata_options_xml(inst.get("MetadataOptions") or {})}
    </item>"""


def _metadata_options_xml(options):
    return (
        "<metadataOptions><state>applied</state>"
        f"<httpTokens>{options.get('HttpTokens') or 'optional'}</httpTokens>"
        f"<httpEndpoint>{options.get('HttpEndpoint') or 'enabled'}</httpEndpoint>"
        f"<httpPutResponseHopLimit>{options.get('HttpPutResponseHopLimit') or 1}</httpPutResponseHopLimit>"
        "<httpProtocolIpv6>disabled</httpProtocolIpv6><instanceMetadataTags>disabled</instanceMetadataTags>"
        "</metadataOptions>"
    )


def _iam_instance_profile_xml''',
    ),
    Fix(
        'DescribeInstanceAttribute answers the user data',
        'services/ec2.py',
        '''        value_xml = "<userData/>"''',
        '''        _ud = (_instances.get(_p(p, "InstanceId")) or {}).get("UserData")
        value_xml = f"<userData><value>{_esc(_ud)}</value></userData>" if _ud else "<userData/>"''',
    ),
    Fix(
        'an egress rule declared again keeps the tags it is given',
        'services/ec2.py',
        '''        else:
            rule_items += _sg_rule_xml(sg_id, existing, is_egress=True)
    return _xml(200, "AuthorizeSecurityGroupEgressResponse",''',
        '''        else:
            if rule_tags:
                _tags[_sg_rule_id(sg_id, True, existing)] = list(rule_tags)
            rule_items += _sg_rule_xml(sg_id, existing, is_egress=True)
    return _xml(200, "AuthorizeSecurityGroupEgressResponse",''',
    ),
    Fix(
        'ranges authorized together can be revoked one by one',
        'services/ec2.py',
        '''        return _parse_legacy_ip_permission(params)
    return rules
''',
        '''        return _parse_legacy_ip_permission(params)
    return [one for rule in rules for one in _single_ranges(rule)]


def _single_ranges(rule):
    """One rule for each range, group or list, as AWS keeps them."""
    kinds = ("IpRanges", "Ipv6Ranges", "PrefixListIds", "UserIdGroupPairs")
    ones = [{**rule, **{other: [] for other in kinds}, kind: [entry]} for kind in kinds for entry in rule.get(kind, [])]
    return ones or [rule]
''',
    ),
    Fix(
        "an image tells when it was made, by which the newest is chosen",
        "services/ec2.py",
        "            <imageState>available</imageState>\n            <imageOwnerId>{view['OwnerId']}</imageOwnerId>",
        "            <imageState>available</imageState>\n            <creationDate>2026-01-01T00:00:00.000Z</creationDate>\n"
        "            <imageOwnerId>{view['OwnerId']}</imageOwnerId>",
    ),
    Fix(
        "SSM looks for the machine that is asked for; of a list of all only the first ten are on the page",
        "services/ssm.py",
        '''    managed = _managed_instance_ids()
    entries = []
''',
        '''    managed = set(_managed_instance_ids())
    for wanted in data.get("Filters") or []:
        if wanted["Key"] != "InstanceIds":
            return error_response_json("InvalidFilterKey", f"{wanted['Key']} is not a filter that is played here", 400)
        managed &= set(wanted["Values"])
    entries = []
''',
    ),
]
