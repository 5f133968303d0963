"""The web page in the local cloud, as a browser finds it: what CloudFront is on AWS.

The emulator answers for the distribution by its Host header, with the bucket's files, the page's headers and the function that
knows the paths of pages. A browser sends no such header: this server puts it on. It passes on to the API what the distribution's
own behaviours would, which the emulator does not: it dials no host that is AWS's.
"""

import http.client
import http.server
import json

from . import settings
from .processes import of_module

TO_THE_API = ("/v1/", "/docs")  # as in terraform/modules/cdn/main.tf
OF_THE_CONNECTION = {"connection", "content-length", "host", "keep-alive", "transfer-encoding", "upgrade"}


def server():
    return of_module("site")


def made():
    """What Terraform made, read at each request: an apply may come after this server has started. None before the first."""
    try:
        outputs = json.loads((settings.TERRAFORM / "outputs.json").read_text())
    except FileNotFoundError:
        return None
    return {"api_id": outputs["api_id"]["value"], "domain_name": outputs["site"]["value"]["domain_name"]}


def target(path, names):
    """What the emulator is asked for: the path, and the headers that are put on."""
    if path.startswith(TO_THE_API):
        return f"/_aws/execute-api/{names['api_id']}/$default{path}", {}
    return path, {"Host": names["domain_name"], "X-Forwarded-Proto": "https"}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        names = made()
        if not names:
            return self.say(503, "The platform is not there yet: run ./scripts/dev up")
        path, more = target(self.path, names)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in OF_THE_CONNECTION}
        connection = http.client.HTTPConnection("127.0.0.1", settings.EMULATOR_PORT, timeout=60)
        try:
            connection.request(self.command, path, body or None, {**headers, **more})
            got = connection.getresponse()
            content = got.read()
        except OSError as error:
            return self.say(502, f"The local cloud does not answer ({error}): run ./scripts/dev up")
        finally:
            connection.close()
        self.send_response_only(got.status)
        for name, value in got.getheaders():
            if name.lower() not in OF_THE_CONNECTION:
                self.send_header(name, value)
        self.finish_with(content)

    def say(self, status, text):
        self.send_response_only(status)
        self.send_header("content-type", "text/plain; charset=utf-8")
        self.finish_with(f"{text}\n".encode())

    def finish_with(self, content):
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_DELETE = do_GET = do_HEAD = do_OPTIONS = do_PATCH = do_POST = do_PUT = answer

    def log_message(self, *_):
        """Says nothing: the emulator's log has each request."""


def main():
    http.server.ThreadingHTTPServer(("127.0.0.1", settings.SITE_PORT), Handler).serve_forever()
