"""The emulator's process: the patched copy, with the machine room in EC2's place, on loopback and the bridge.

Run by the environment's Python; see process().
"""

import contextvars
import importlib.util
import logging
import os
import pathlib
import sys

from . import certificates, fixes, settings
from .processes import Process

# In the environment of the emulator and of what it starts, and of nothing else: `reset` finds them by it.
MARK = "CLOUDSAIL_EMULATOR_OF"
log = logging.getLogger("local_cloud")


def environment():
    """A clean one: Lambda functions inherit it, and nothing of the developer's may leak into them."""
    return {
        "PATH": f"{settings.VENV}/bin:{settings.CLEAN_PATH}",
        "LC_ALL": "C.UTF-8",
        "HOME": "/nonexistent",
        "TMPDIR": str(settings.LOCAL / "tmp"),
        "PYTHONDONTWRITEBYTECODE": "1",
        # glibc gives each thread its own arena otherwise, which triples the memory of a process with many.
        "MALLOC_ARENA_MAX": "2",
        "CLOUDSAIL_LOCAL": str(settings.LOCAL),
        MARK: str(settings.LOCAL),
        "CLOUDSAIL_CACHE": str(settings.CACHE),
        "GATEWAY_PORT": str(settings.EMULATOR_PORT),
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_REGION": settings.REGION,
        "MINISTACK_ACCOUNT_ID": settings.CONTROL_ACCOUNT,
        "AWS_ENDPOINT_URL": f"http://localhost:{settings.EMULATOR_PORT}",
        "REDIS_HOST": "localhost",
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "AUTH": "true",
        "REDIS_HOST": "127.0.0.1",
        "REDIS_PORT": str(settings.REDIS_PORT),
        "PERSIST_STATE": "1",
        "STATE_DIR": str(settings.STATE),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(settings.S3),
        "LOG_LEVEL": os.environ.get("CLOUDSAIL_EMULATOR_LOG", "INFO"),
    }


def process():
    (settings.LOCAL / "tmp").mkdir(parents=True, exist_ok=True)
    marker = "from local_cloud.emulator import main"
    # The folder goes behind Python's own modules, and not into the environment, where functions would get it too.
    code = f"import sys; sys.path.append({str(pathlib.Path(__file__).parents[1])!r}); {marker}; main()"
    # Stopping saves the state and halts the machines, each in an orderly way.
    return Process("emulator", [settings.VENV / "bin/python", "-c", code], marker, environment(), stop_seconds=60)


def use_patched_copy():
    package = pathlib.Path(importlib.util.find_spec("ministack").origin).parent
    sys.path.insert(0, str(fixes.patched_copy(package, settings.CACHE)))


def serve_on_bridge():
    """One process serves plain HTTP on loopback and the bridge, and HTTPS on the bridge, where the machines'
    own tools look for it. The emulator knows one address only, so its server's start is wrapped.
    """
    import hypercorn.asyncio

    original = hypercorn.asyncio.serve

    def serve(app, config, *args, **options):
        config.bind = [f"{settings.BRIDGE_ADDRESS}:443"]
        config.insecure_bind = [f"{host}:{settings.EMULATOR_PORT}" for host in ("127.0.0.1", settings.BRIDGE_ADDRESS)]
        # Longer than any client keeps a connection (Go: 90 s). A server that closes first may drop the answer to a call that
        # it has carried out, and then the client's second try meets its own first: "already exists".
        config.keep_alive_timeout = 3600
        config.certfile, config.keyfile = str(certificates.CERTIFICATE), str(certificates.KEY)
        return original(app, config, *args, **options)

    hypercorn.asyncio.serve = serve


def answer_in_one_piece():
    """The server writes the head of an answer and its body one after the other. Terraform's client (Go) now and then closes a
    busy machine's connection between the two, and then tries again what was carried out: "already exists".
    """
    import h11
    from hypercorn.events import RawData
    from hypercorn.protocol.h11 import H11Protocol

    async def send_event(self, event):
        try:
            data = self.connection.send(event)
        except h11.LocalProtocolError:
            if self.connection.their_state != h11.ERROR:
                raise
            return
        if isinstance(event, h11.Response):
            self.held_head = data
        else:
            head, self.held_head = getattr(self, "held_head", b""), b""
            await self.send(RawData(data=head + data))

    H11Protocol._send_h11_event = send_event


def answer_tests(tick=None):
    """The application behind what tests ask of it: the switches of faults.py, and sessions.py."""
    from ministack import app
    from ministack.core.responses import get_account_id, set_request_account_id
    from ministack.services import sts

    from . import faults, sessions

    def account_of(access_key):
        context = contextvars.copy_context()
        context.run(set_request_account_id, app._request_account_scope(access_key))
        return context.run(get_account_id)

    def session_of(access_key):
        return sts._sessions.get(access_key, {}).get("Arn", "").rpartition("/")[2]

    def sessions_in(account):
        return [session for session in list(sts._sessions.values()) if session.get("AccountId") == account]

    app.app = sessions.Sessions(faults.Faults(app.app, account_of, session_of, tick), sessions_in)


def alone():
    """The emulator by itself, for tests: on loopback alone, with machines that are records, and with nothing kept. It needs neither
    root nor the host's network, and any number may run side by side, each with its own CLOUDSAIL_LOCAL and CLOUDSAIL_EMULATOR_PORT.
    """
    logging.basicConfig(level=logging.WARNING)
    os.environ |= environment() | {"PERSIST_STATE": "0", "S3_PERSIST": "0", "LOG_LEVEL": "WARNING"}
    for folder in ("tmp", "log"):
        (settings.LOCAL / folder).mkdir(parents=True, exist_ok=True)
    use_patched_copy()
    answer_in_one_piece()
    from ministack import app

    from . import metadata_room

    answer_tests(metadata_room.open_room().tick)
    app.main()


def main():
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    use_patched_copy()
    serve_on_bridge()
    answer_in_one_piece()
    from ministack import app

    from . import room

    room.open_room()
    answer_tests()
    try:
        app.main()
    finally:
        room.close_room()
