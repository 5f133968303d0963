"""pgbench on a server with defaults, with pgtune's settings and with ours; scripts/bench tuning starts it.

scripts/bench tuning                                          five rounds, in less than twenty minutes
scripts/bench tuning --rounds 9 --tpc-b-seconds 90            more and longer ones
scripts/bench tuning --try calm=bgwriter_delay=200ms,jit=on   one more server: ours but for these settings
"""

import argparse
import contextlib
import os
import pathlib
import sys
import tempfile

ROOT = pathlib.Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests/servers"))

from comparison import report
from control_group import capped
from huge_pages import Refused, reserved
from pgbench import SELECT_ONLY, TPC_B, load, run, together, warm
from postgres import Server, ServerError, belong, clean_up_when_ended, installed, missing
from tune import TuneError, as_file, by_name, tune

MIB = 2**20
# The machine and use that all servers but the default one are tuned for.
MEMORY_MIB, CPU, DISK_GIB, CONNECTIONS, WORKLOAD = 2048, 2, 100, 100, "oltp"


def profiles(version, cloudsail, more):
    """The servers to compare, by name: (settings, huge pages to reserve)."""
    ours = {
        "version": version,
        "memory_mib": MEMORY_MIB,
        "cpu": CPU,
        "disk_gib": DISK_GIB,
        "workload": WORKLOAD,
        "max_connections": CONNECTIONS,
    }
    theirs = {"version": version, "os": "linux", "workload": WORKLOAD, "memory": MEMORY_MIB, "memory_unit": "MB"}
    theirs |= {"cpus": CPU, "connections": CONNECTIONS, "disk": "ssd", "size": "mid_ram"}
    pgtune = by_name(tune(cloudsail, [{"input": theirs}], "--pgtune")[0]["settings"])
    answer = tune(cloudsail, [ours])[0]
    settings, pages = by_name(answer["settings"]), int(by_name(answer.get("kernel", [])).get("vm.nr_hugepages", 0))
    found = {"default": ({}, 0), "pgtune": (pgtune, 0), "cloudsail": (settings, pages)}
    for name, _, changes in (one.partition("=") for one in more):
        found[name] = (settings | dict(change.split("=", 1) for change in changes.split(",")), pages)
    # All servers run at once, and one that tries would take the pages that are reserved for another.
    found = {name: (kept | ({"huge_pages": "off"} if kept.get("huge_pages", "try") == "try" else {}), pages) for name, (kept, pages) in found.items()}
    return {name: (kept, pages if kept["huge_pages"] == "on" else 0) for name, (kept, pages) in found.items()}


def select_only(servers, options):
    """Runs of every server by name, in short slices that take turns, so that what disturbs the machine disturbs all."""
    runs = {name: [] for name in servers}
    for server in servers.values():
        warm(server)
        run(server, SELECT_ONLY, options.clients, options.warm)
    for number in range(options.slices):
        for name in turned(servers, number):
            runs[name].append(run(servers[name], SELECT_ONLY, options.clients, options.select_seconds))
    return {name: together(found) for name, found in runs.items()}


def turned(names, by):
    """The names in order, another one first each time."""
    names = list(names)
    return names[by % len(names) :] + names[: by % len(names)]


def rounds(servers, options):
    """Every round's figures by server: (select-only, TPC-B)."""
    figures = {name: [] for name in servers}
    for number in range(options.rounds):
        select = select_only(servers, options)
        for name in turned(servers, number):
            figures[name].append((select[name], run(servers[name], TPC_B, options.clients, options.tpc_b_seconds)))
            print(f"round {number + 1} {name}:", *figures[name][-1], sep="\n  ", file=sys.stderr, flush=True)
    return figures


def main():
    arguments = argparse.ArgumentParser(
        prog="scripts/bench tuning", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--select-seconds", type=int, default=5, help="how long each slice of select-only takes")
    arguments.add_argument("--slices", type=int, default=4, help="how many slices of it a round has")
    # Long enough for more dirty pages than the buffers hold: before that a backend has nothing to write.
    arguments.add_argument("--tpc-b-seconds", type=int, default=40, help="how long each TPC-B takes")
    arguments.add_argument(
        "--warm", type=int, default=3, help="seconds of select-only at the start of a round, which do not count"
    )
    arguments.add_argument("--scale", type=int, default=50, help="pgbench's, about 15 MB each")
    arguments.add_argument("--clients", type=int, default=8)
    arguments.add_argument(
        "--try", action="append", default=[], metavar="NAME=SETTING=VALUE,…", dest="more", help="one more server"
    )
    arguments.add_argument("--folder", default="/var/tmp", help="where the data goes, about 2 GB a server")
    arguments.add_argument("--cloudsail", default=ROOT / "target/debug/cloudsail", help="the program to ask")
    options = arguments.parse_args()
    if lack := missing():
        sys.exit(f"scripts/bench: {lack}")
    clean_up_when_ended()
    version = max(installed())
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cloudsail-tuning.", dir=options.folder)))
        belong(folder)
        servers = {}
        for name, (settings, pages) in profiles(version, options.cloudsail, options.more).items():
            # Huge pages count in no memory cap of the kernel's, so they are taken off it.
            group = stack.enter_context(capped(f"cloudsail-tuning-{os.getpid()}-{name}", (MEMORY_MIB - 2 * pages) * MIB))
            server = Server(version, installed()[version], folder / name)
            stack.callback(server.stop)
            server.create()
            server.configure(as_file(settings))
            if pages:
                stack.enter_context(reserved(pages))
            server.start(cgroup=group)
            load(server, options.scale)
            servers[name] = server
        print(
            f"PostgreSQL {version} on a machine of {MEMORY_MIB} MiB and {CPU} CPUs for {WORKLOAD}, pgbench scale {options.scale}, "
            f"{options.clients} clients on the same CPUs, {options.rounds} rounds",
            flush=True,
        )
        report(rounds(servers, options))


if __name__ == "__main__":
    try:
        main()
    except (ServerError, TuneError, Refused) as error:
        sys.exit(f"scripts/bench: {error}")
