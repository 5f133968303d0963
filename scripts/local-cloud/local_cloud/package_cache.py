"""A small caching proxy for Debian packages on the bridge: it stands for the mirror that a cloud keeps in each
region. A package's file never changes under its name, so those are kept; indexes always pass through.
"""

import hashlib
import http.server
import os
import shutil
import tempfile
import threading
import urllib.error
import urllib.parse
import urllib.request

from . import settings

KEPT_HEADERS = ("Content-Length", "Content-Type", "Last-Modified", "ETag")
LARGEST_CACHE = 2 << 30


def serve():
    server = http.server.ThreadingHTTPServer((settings.BRIDGE_ADDRESS, settings.PACKAGE_PROXY_PORT), Handler)
    server.daemon_threads = True
    settings.PACKAGES.mkdir(parents=True, exist_ok=True)
    make_room()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def make_room():
    """Oldest first, until the cache is small enough."""
    files = sorted(settings.PACKAGES.iterdir(), key=lambda path: path.stat().st_mtime)
    size = sum(path.stat().st_size for path in files)
    for path in files:
        if size <= LARGEST_CACHE and not path.name.startswith("part-"):
            continue
        size -= path.stat().st_size
        path.unlink()


def cacheable(url):
    parts = urllib.parse.urlsplit(url)
    return parts.scheme == "http" and "/pool/" in parts.path and parts.path.endswith(".deb")


def cache_file(url):
    return settings.PACKAGES / hashlib.sha256(url.encode()).hexdigest()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_):
        return

    def do_GET(self):
        if not self.path.startswith("http://"):
            return self.refuse(400)
        if cacheable(self.path) and cache_file(self.path).exists():
            return self.send_cached(cache_file(self.path))
        headers = {name: value for name, value in self.headers.items()
                   if name in ("If-Modified-Since", "Cache-Control", "User-Agent", "Accept")}
        try:
            with urllib.request.urlopen(urllib.request.Request(self.path, headers=headers), timeout=60) as source:
                return self.pass_on(source)
        except urllib.error.HTTPError as error:
            return self.refuse(error.code)
        except OSError:
            return self.refuse(502)

    def refuse(self, status):
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def send_cached(self, path):
        with open(path, "rb") as source:
            self.send_response(200)
            self.send_header("Content-Type", "application/vnd.debian.binary-package")
            self.send_header("Content-Length", str(os.fstat(source.fileno()).st_size))
            self.end_headers()
            shutil.copyfileobj(source, self.wfile, 1 << 18)

    def pass_on(self, source):
        """To the machine and, for a package, to a file that gets its name only when it is whole."""
        self.send_response(source.status)
        for name in KEPT_HEADERS:
            if source.headers.get(name):
                self.send_header(name, source.headers[name])
        if not source.headers.get("Content-Length"):
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        if not cacheable(self.path):
            return shutil.copyfileobj(source, self.wfile, 1 << 16)
        handle, name = tempfile.mkstemp(prefix="part-", dir=settings.PACKAGES)
        with os.fdopen(handle, "wb") as kept:
            while chunk := source.read(1 << 18):
                self.wfile.write(chunk)
                kept.write(chunk)
            size = kept.tell()
        whole = source.headers.get("Content-Length") in (None, str(size))
        if whole:
            os.rename(name, cache_file(self.path))
        else:
            os.unlink(name)
        return None
