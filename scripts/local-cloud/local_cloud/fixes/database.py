"""RDS and RDS Proxy: their endpoints are the local PostgreSQL and PgBouncer."""

from . import Fix

_CLUSTER = '"Endpoint": f"{cluster_id}.cluster-{unique_suffix}.{get_region()}.rds.amazonaws.com"'
_READER = '"ReaderEndpoint": f"{cluster_id}.cluster-ro-{unique_suffix}.{get_region()}.rds.amazonaws.com"'
_LOCAL = "such a name resolves nowhere; the local server's certificate is for localhost"

FIXES = [
    Fix(
        "a cluster keeps which logs it exports",
        "services/rds.py",
        '"EnabledCloudwatchLogsExports": [],',
        '"EnabledCloudwatchLogsExports": [v[0] if isinstance(v, list) else v for k, v in sorted(p.items())'
        ' if k.startswith("EnableCloudwatchLogsExports.member.")],',
        after=_CLUSTER,
    ),
    Fix(
        "a cluster shows which logs it exports",
        "services/rds.py",
        "<DBClusterMembers>{member_xml}</DBClusterMembers>",
        "<DBClusterMembers>{member_xml}</DBClusterMembers>\n        <EnabledCloudwatchLogsExports>"
        '{"".join(f"<member>{x}</member>" for x in c.get("EnabledCloudwatchLogsExports") or [])}'
        "</EnabledCloudwatchLogsExports>",
    ),
    Fix(_LOCAL, "services/rds.py", _CLUSTER, '"Endpoint": "localhost"'),
    Fix(_LOCAL, "services/rds.py", _READER, '"ReaderEndpoint": "localhost"'),
    Fix(
        _LOCAL,
        "services/rds.py",
        '"Endpoint": f"{name}.proxy-{endpoint_suffix}.{region}.rds.amazonaws.com",',
        '"Endpoint": "localhost",',
    ),
]
