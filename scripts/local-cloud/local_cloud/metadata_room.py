"""A machine room without machines, for tests of what calls the API: instances are records that pass through EC2's states, and
commands have the answers that a machine which works would give.

Its time is the account's calls, so that a run takes no longer than its calls do, and the same calls see the same states.
"""

import contextvars
import json
import threading

from . import settings
from .machine import Specification
from .room import SHORTEST_PASSING, Room

SECONDS_PER_CALL = 0.5
# What layers/bootstrap's check.sh, apply.sh and rest.sh print.
BOOTING = {"state": "booting", "step": "install"}
CERTIFICATE = "-----BEGIN CERTIFICATE-----"
APPLIED = {"applied": "restart"}
RESTED = {"rested": True}
# The tag of a data volume by which its owner says how much is on it.
DATA_GIB = "data-gib"


class MetadataMachine:
    def __init__(self, specification: Specification, events):
        self.spec, self.events = specification, events
        self.id, self.address = specification.id, specification.address
        self.checks, self.volume = 0, None

    def boot(self, still_wanted):
        if still_wanted():
            self.events.running(self)
            self.events.after(SECONDS_PER_CALL, self.events.managed, self)

    def run_script(self, script):
        if "apply.lock" in script:
            return 0, json.dumps(APPLIED), ""
        if '{"rested":' in script:
            return 0, json.dumps(RESTED), ""
        self.checks += 1
        ready = {"state": "ready", "sql_ok": True, "address": self.address, "ca": CERTIFICATE, "disk_used": self.disk_used()}
        return 0, json.dumps(BOOTING if self.checks == 1 else ready), ""

    def disk_used(self):
        """Percent."""
        ec2, place = self.events.ec2, (self.spec.account, settings.REGION, self.volume)
        data = [int(tag["Value"]) for tag in ec2._tags.get_scoped(*place) or [] if tag["Key"] == DATA_GIB]
        return data[0] * 100 // ec2._volumes.get_scoped(*place)["Size"] if data else 1

    def halt(self, grace=0):
        """There is no process to end."""

    def restart(self):
        self.events.after(SECONDS_PER_CALL, self.events.managed, self)

    def attach(self, volume_id, size_gib):
        self.volume = volume_id

    def detach(self, volume_id):
        self.volume = None

    def remove(self):
        """It has no files."""


class MetadataRoom(Room):
    machine = MetadataMachine

    def __init__(self, ec2):
        super().__init__(ec2)
        self.clocks, self.due = {}, {}
        # Calls are carried out by several threads.
        self.due_lock = threading.Lock()

    def now(self):
        return self.clocks.get(self.ec2.get_account_id(), 0.0)

    def after(self, seconds, work, *arguments):
        account, context = self.ec2.get_account_id(), contextvars.copy_context()
        with self.due_lock:
            self.due.setdefault(account, []).append((self.now() + seconds, context, work, arguments))

    def in_background(self, work, *arguments):
        self.after(SHORTEST_PASSING, work, *arguments)

    def linger(self, record):
        """in_background has waited already."""

    def tick(self, account):
        """A call of the account: time goes by, and what is due happens."""
        now = self.clocks[account] = self.clocks.get(account, 0.0) + SECONDS_PER_CALL
        with self.due_lock:
            waiting = self.due.pop(account, [])
            self.due[account] = [entry for entry in waiting if entry[0] > now]
        for moment, context, work, arguments in waiting:
            if moment <= now:
                context.run(work, *arguments)

    def tree(self, record):
        return ""

    def reload_firewall(self):
        """Nobody can connect to a record."""


def open_room():
    from ministack.services import ec2, ssm

    from . import ec2_seam

    room = MetadataRoom(ec2)
    ec2_seam.install(room, ec2)
    ssm.spawn_background = lambda work, *arguments, thread_name: room.after(SHORTEST_PASSING, work, *arguments)
    return room
