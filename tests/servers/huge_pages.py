"""Huge pages that are really reserved, and a server that starts only with them."""

import contextlib
import pathlib
import time

RESERVED = pathlib.Path("/proc/sys/vm/nr_hugepages")


def counts():
    """The kernel's own counts of huge pages, such as HugePages_Free, in pages."""
    lines = (line.split() for line in open("/proc/meminfo", encoding="ascii"))
    return {line[0].rstrip(":"): int(line[1]) for line in lines if line[0].startswith("HugePages")}


class Refused(Exception):
    """The kernel gives fewer huge pages than asked for."""


def reserve(pages, seconds=10):
    """Has the kernel hold this many huge pages, or says how many it gives within so many seconds."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            RESERVED.write_text(str(pages))
        except OSError as error:
            raise Refused(f"{RESERVED}: {error.strerror}") from None
        given = int(RESERVED.read_text())
        if given >= pages:
            return
        if time.monotonic() > deadline:
            raise Refused(f"vm.nr_hugepages = {pages}: the kernel gives {given}, as memory is in use or in pieces")
        time.sleep(0.2)


@contextlib.contextmanager
def reserved(pages):
    """Reserves this many huge pages beside those there are, and gives them back."""
    before = int(RESERVED.read_text())
    try:
        reserve(before + pages)
        yield
    finally:
        # Where it could not be written there is nothing to give back.
        with contextlib.suppress(OSError):
            RESERVED.write_text(str(before))


def faults(server, pages):
    """Starts the server with the pages that were computed for it; yields what is wrong, as sentences."""
    with reserved(pages):
        free = counts()["HugePages_Free"]
        server.start()
        try:
            # What is reserved and not yet touched counts as free, so both are looked at.
            now = counts()
            used = free - now["HugePages_Free"] + now["HugePages_Rsvd"]
            if used == 0:
                yield f"huge_pages = on, and none of {pages} pages is used"
            elif used < 0.9 * pages:
                yield f"vm.nr_hugepages = {pages}, and the server uses {used}: the rest is lost to everybody"
            if int(server.psql("show server_version_num")) >= 170000 and server.psql("show huge_pages_status").strip() != "on":
                yield f"huge_pages_status is {server.psql('show huge_pages_status').strip()}"
        finally:
            server.stop()
