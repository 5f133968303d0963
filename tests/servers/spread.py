"""Machines and uses to tune for: the corners of what a plan may say, and a walk through everything between."""

WORKLOADS = ["web", "oltp", "dw", "mixed", "desktop"]
MEMORY_MIB = [1024, 1945, 2048, 3891, 8192, 16384, 32768, 131072, 524288]
CPU = [1, 2, 4, 8, 16, 48, 64]
CONNECTIONS = [20, 100, 200, 500, 1000]
DISK_GIB = [10, 25, 100, 1000, 16000]

CORNERS = [
    # memory MiB, cpu, GiB of disk, connections
    (1024, 1, 10, 20),
    (1024, 64, 16000, 1000),
    (524288, 1, 10, 20),
    (524288, 64, 16000, 1000),
    (524288, 64, 10, 1000),
]


def inputs(version):
    """The inputs of `cloudsail tune` for one major version, always the same."""
    walk = [
        # Steps that share no divisor with the lists' lengths, so that no two lists go in step.
        (MEMORY_MIB[i % 9], CPU[i * 2 % 7], DISK_GIB[i * 3 % 5], CONNECTIONS[(i * 2 + i // 5) % 5])
        for i in range(35)
    ]
    uses = [(WORKLOADS[i % 5], size) for i, size in enumerate(CORNERS)] + [
        (WORKLOADS[(i + i // 5) % 5], size) for i, size in enumerate(walk)
    ]
    names = ("memory_mib", "cpu", "disk_gib", "max_connections")
    return [{"version": version, "workload": use} | dict(zip(names, size)) for use, size in uses]
