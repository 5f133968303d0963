"""Plans that differ in what an export must get right."""


def full(name="shop", database=None, network=None, **component):
    """A plan in its full form; `component` replaces or adds what stands beside its database."""
    return {
        "schema": "cs-json/1",
        "name": name,
        "components": [
            {
                "kind": "postgres",
                "hardware": {"cpu": 2, "memory_gib": 8, "disk": {"size_gib": 100}},
                "db": {"version": "17", "name": "shop"} | (database or {}),
                "network": {"allow": ["203.0.113.0/24"]} | (network or {}),
            }
            | component
        ],
    }


PLANS = {
    "example": full(),
    # The short form, as people write it by hand.
    "short": {
        "os": "linux",
        "hardware": {"instance_type": "t3.medium", "storage": "ssd", "ami": "myami"},
        "db": {"flavor": "pg", "version": "15", "backup": "needed"},
    },
    "small": full(hardware={"cpu": 1, "memory_gib": 1, "disk": {"size_gib": 10}}),
    "large": full(
        hardware={"cpu": 64, "memory_gib": 512, "disk": {"size_gib": 16000, "iops": 16000, "throughput_mib_s": 1000}},
        database={"workload": "dw", "max_connections": 5000},
    ),
    "arm": full(hardware={"cpu": 4, "memory_gib": 16, "architecture": "arm64", "disk": {"size_gib": 200}}, database={"workload": "oltp"}),
    "many-ranges": full(network={"allow": [f"10.{number}.0.0/16" for number in range(50)]}),
    "nobody": full(network={"allow": []}),
    "everybody": full(network={"allow": ["0.0.0.0/0"], "public": True}),
    # Names that mean something to Terraform, to a shell, to Markdown and to folders.
    "hostile": full(name='${file("/etc/passwd")} %{if} "q" \\ `x` | $(id) ../.. 🐘'),
    "places": full(name="@SECRET@ @VERSION@ $${x}"),
    "signs": full(name="*** 数据库 ***"),
    "long": full(name="1" * 63),
    "reserved": full(name="count", id="for-each_Self"),
    "pinned": full(aws={"instance_type": "m7i.large", "subnet": "subnet-0123456789abcdef0", "ami": "ami-0123456789abcdef0"}),
    "hostile-wish": full(aws={"subnet": '"${var.name}%{', "ami": "\\"}),
    "backup": full(backup={"schedule": "0 3 * * *", "retention_days": 14, "restore_test": "weekly"}),
    "settings": full(database={"settings": {"work_mem": "64MB", "log_line_prefix": "%m ${x} '"}}),
}
