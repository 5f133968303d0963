"""Running commands, and telling the person what is going on."""

import contextlib
import os
import subprocess
import sys
import time

STARTED = time.monotonic()


class Failure(Exception):
    """A sentence for the person at the terminal: what is wrong and what to do."""


def run(*argv, check=True, **options):
    """Run a command quietly; a failure carries what it said."""
    try:
        done = subprocess.run([str(word) for word in argv], capture_output=True, text=True, **options)
    except FileNotFoundError:
        done = subprocess.CompletedProcess(argv, 127, "", f"there is no command {argv[0]}")
    if check and done.returncode:
        said = (done.stderr.strip() or done.stdout.strip())[-2000:]
        raise Failure(f"`{' '.join(str(word) for word in argv)}` failed with {done.returncode}: {said}")
    return done


def say(text):
    print(f"[{time.monotonic() - STARTED:6.1f} s] {text}", file=sys.stderr, flush=True)


@contextlib.contextmanager
def step(title):
    say(f"{title} …")
    began = time.monotonic()
    yield
    say(f"{title}: done in {time.monotonic() - began:.1f} s")


def wait_until(ready, seconds, what, log=None, interval=0.1):
    """Poll `ready` until it holds; past the deadline say what never came and where to look."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if ready():
            return
        time.sleep(interval)
    raise Failure(f"{what} did not come up within {seconds} s" + (f"; its log is {log}" if log else ""))


def write_private(path, text):
    """Write a file that only its owner can read, never readable in between."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as out:
        out.write(text)
