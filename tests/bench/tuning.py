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
from pgbench import SELECT_ONLY, TPC_B, load, run, warm
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
    return {name: (kept, pages if kept.get("huge_pages") in ("on", "try") else 0) for name, (kept, pages) in found.items()}


def measure(server, group, pages, options):
    """One server's turn: (select-only, TPC-B) as pgbench and the server counted them."""
    with reserved(pages) if pages else contextlib.nullcontext():
        server.start(cgroup=group)
        try:
            warm(server)
            run(server, SELECT_ONLY, options.clients, options.warm)
            select = run(server, SELECT_ONLY, options.clients, options.select_seconds)
            return select, run(server, TPC_B, options.clients, options.tpc_b_seconds)
        finally:
            server.stop()


def rounds(servers, options):
    """Every round's figures by server; each round begins with another server."""
    figures = {name: [] for name in servers}
    names = list(servers)
    for number in range(options.rounds):
        for name in names[number % len(names) :] + names[: number % len(names)]:
            figures[name].append(measure(*servers[name], options))
            print(f"round {number + 1} {name}:", *figures[name][-1], sep="\n  ", file=sys.stderr, flush=True)
    return figures


def main():
    arguments = argparse.ArgumentParser(
        prog="scripts/bench tuning", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--select-seconds", type=int, default=15, help="how long each select-only takes")
    # Long enough for more dirty pages than the buffers hold: before that a backend has nothing to write.
    arguments.add_argument("--tpc-b-seconds", type=int, default=40, help="how long each TPC-B takes")
    arguments.add_argument(
        "--warm", type=int, default=3, help="seconds of select-only before each measurement, which do not count"
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
            with reserved(pages) if pages else contextlib.nullcontext():
                server.start(cgroup=group)
                load(server, options.scale)
                server.stop()
            servers[name] = (server, group, pages)
        print(
            f"PostgreSQL {version} on a machine of {MEMORY_MIB} MiB and {CPU} CPUs for {WORKLOAD}, pgbench scale {options.scale}, "
            f"{options.clients} clients on the same CPUs, {options.rounds} rounds",
            flush=True,
        )
        report(rounds(servers, options))


try:
    main()
except (ServerError, TuneError, Refused) as error:
    sys.exit(f"scripts/bench: {error}")
