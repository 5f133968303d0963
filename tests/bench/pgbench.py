"""pgbench's built-in scripts, and what a server counts while they run."""

import dataclasses
import re

from postgres import PORT, USER

SELECT_ONLY, TPC_B = "select-only", "tpcb-like"

# Buffers that backends wrote, the background writer wrote and checkpoints wrote. In pg_stat_io, which is there from 16 on,
# a backend's writes leave out those that make a table longer, and bulk reads and VACUUM; `run` takes the new pages off before that.
COUNTERS_TO_15 = "select buffers_backend, buffers_clean, buffers_checkpoint, wal_bytes from pg_stat_bgwriter, pg_stat_wal"
COUNTERS_16 = """select
  sum(writes) filter (where backend_type = 'client backend' and context = 'normal') as buffers_backend,
  sum(writes) filter (where backend_type = 'background writer') as buffers_clean,
  sum(writes) filter (where backend_type = 'checkpointer') as buffers_checkpoint,
  (select wal_bytes from pg_stat_wal) as wal_bytes
from pg_stat_io where object = 'relation'"""
PAGES = "select sum(pg_relation_size(oid)) / 8192 as pages from pg_class where relname like 'pgbench%' and relkind in ('r', 'i')"
# What pgbench does before a TPC-B; done here, so that it is not counted.
BEFORE_TPC_B = "truncate pgbench_history; vacuum pgbench_branches; vacuum pgbench_tellers"


@dataclasses.dataclass(frozen=True)
class Run:
    """One run of pgbench."""

    tps: float
    transactions: int
    cpu_seconds: float  # of the whole server
    backend_writes: int  # without new pages
    new_pages: int  # that tables and indexes grew by
    cleaner_writes: int
    checkpoint_writes: int
    wal_bytes: int

    @property
    def cpu(self):
        """Microseconds of the server's CPU time for each transaction."""
        return self.cpu_seconds / self.transactions * 1e6


def together(runs):
    """Several runs of one script and server as one: the rate is the mean, counts are sums."""
    sums = {field.name: sum(getattr(one, field.name) for one in runs) for field in dataclasses.fields(Run)}
    return Run(**sums | {"tps": sums["tps"] / len(runs)})


def pgbench(server, *options):
    return server.run(server.client / "pgbench", "-h", server.folder, "-p", PORT, "-U", USER, *options, "postgres")


def load(server, scale):
    """Makes pgbench's tables, vacuumed and written to disk."""
    pgbench(server, "--initialize", "--quiet", f"--scale={scale}")
    server.psql("checkpoint")


def warm(server):
    """Fills shared buffers and the page cache with the accounts, as a long time of service would."""
    server.psql("vacuum")  # or the first reads would do the last TPC-B's pruning, and write
    server.psql("create extension if not exists pg_prewarm")
    server.psql("select pg_prewarm('pgbench_accounts_pkey'), pg_prewarm('pgbench_accounts')")


def counters(server):
    # A checkpoint has the server count what it has not yet counted.
    server.psql("checkpoint")
    return server.query(COUNTERS_TO_15 if server.version <= 15 else COUNTERS_16)[0] | server.query(PAGES)[0]


def run(server, script, clients, seconds):
    """Runs a built-in script for so many seconds, with two threads."""
    if script == TPC_B:
        for statement in BEFORE_TPC_B.split("; "):
            server.psql(statement)
    before = counters(server)
    cpu = server.cpu_seconds()
    said = pgbench(server, f"--builtin={script}", f"--client={clients}", "--jobs=2", f"--time={seconds}", "--no-vacuum")
    cpu = server.cpu_seconds() - cpu
    counted = {name: int((value or 0) - (before[name] or 0)) for name, value in counters(server).items()}
    return Run(
        tps=float(re.search(r"^tps = ([\d.]+)", said, re.MULTILINE)[1]),
        transactions=int(re.search(r"actually processed: (\d+)", said)[1]),
        cpu_seconds=cpu,
        backend_writes=counted["buffers_backend"] - (counted["pages"] if server.version <= 15 else 0),
        new_pages=counted["pages"],
        cleaner_writes=counted["buffers_clean"],
        checkpoint_writes=counted["buffers_checkpoint"],
        wal_bytes=counted["wal_bytes"],
    )
