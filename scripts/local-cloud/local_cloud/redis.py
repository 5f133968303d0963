"""ElastiCache's stand-in: a Redis that keeps nothing on disk. The real one speaks TLS, this one plain TCP on loopback. It lets in the
user of the real one alone, to the same keys and commands; it can't check the user's token, and takes any."""

import shutil

from . import postgres, settings
from .processes import Process
from .shell import wait_until


def server():
    return Process(
        "redis",
        [program(), "--port", settings.REDIS_PORT, "--bind", "127.0.0.1", "--save", "", "--maxmemory", "64mb",
         "--maxmemory-policy", "allkeys-lru",
         "--user", "default", "off",
         "--user", settings.CACHE_USER, "nopass", *settings.ACCESS_STRING.read_text().split()],
        marker=f":{settings.REDIS_PORT}", stop_seconds=5,
    )


def program():
    """Debian's package redis-server would start a service of its own; redis-tools has the same executable under another
    name, and what it is called decides what it does."""
    link = settings.RUN / "redis-server"
    if not link.is_symlink():
        settings.RUN.mkdir(parents=True, exist_ok=True)
        link.symlink_to(shutil.which("redis-check-rdb") or "/usr/bin/redis-check-rdb")
    return link


def start():
    main = server()
    if main.start():
        wait_until(lambda: postgres.listening(settings.REDIS_PORT), 10, "Redis", main.log)
