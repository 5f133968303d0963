"""What goes wrong when somebody asks for it: /_cloudsail/faults/<account>, on loopback alone. README.md says what can be asked for.

    POST          a list of faults; those of before, and the record of calls, are forgotten
    GET           the account's calls since then, and which of them met a fault
    GET …/held/n  answers once n calls have been held
    DELETE        no faults, and no record
"""

import asyncio
import dataclasses
import fnmatch
import importlib
import json
import urllib.parse
import uuid
import xml.sax.saxutils

CONTROL = "/_cloudsail/faults/"
READS = ("Describe", "Get", "List")
# Where the emulator keeps what these calls make.
MADE_BY = {
    "ec2:RunInstances": ("ec2", "_instances"),
    "ec2:CreateVolume": ("ec2", "_volumes"),
    "ec2:CreateSecurityGroup": ("ec2", "_security_groups"),
    "iam:CreateRole": ("iam", "_roles"),
    "iam:CreateInstanceProfile": ("iam", "_instance_profiles"),
    "secretsmanager:CreateSecret": ("secretsmanager", "_secrets"),
}
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html and each service's "Common Errors"
THROTTLED = {"ec2": ("RequestLimitExceeded", 503), "iam": ("Throttling", 400), "sts": ("Throttling", 400)}
STATUS = {"InsufficientInstanceCapacity": 500}


@dataclasses.dataclass
class Fault:
    fault: str  # throttle | 500 | 503 | error | drop | hold | late
    call: str = "*"  # service:Action, where * stands for anything
    session: str = "*"  # the name of the session that calls, likewise
    at: int = 1  # the first matching call that meets it, from 1
    times: int = 1  # how many in a row do; 0: all that follow
    moment: str = "before"  # drop, hold: before the call has its effect, or after
    code: str = ""  # error
    message: str = "a fault that was asked for"
    reads: int = 0  # how many of the service's reads do not show what the call made; late has no other effect
    seen: int = 0

    def meets(self, call, session):
        if not (fnmatch.fnmatchcase(call, self.call) and fnmatch.fnmatchcase(session, self.session)):
            return False
        self.seen += 1
        return self.seen >= self.at and (self.times == 0 or self.seen < self.at + self.times)


class Plan:
    """What is to go wrong in one account, and what has."""

    def __init__(self, faults):
        self.faults = [Fault(**fault) for fault in faults]
        self.calls, self.met, self.unseen = [], [], []
        self.held, self.over, self.changed = 0, False, asyncio.Condition()

    def next(self, call, session):
        self.calls.append(call)
        due = [fault for fault in self.faults if fault.meets(call, session)]
        if due:
            self.met.append({"number": len(self.calls), "call": call, "fault": due[0].fault})
        return due[0] if due else None

    async def hold(self):
        async with self.changed:
            self.held += 1
            self.changed.notify_all()

    async def end(self):
        async with self.changed:
            self.over = True
            self.changed.notify_all()

    async def has_held(self, number):
        async with self.changed:
            await self.changed.wait_for(lambda: self.over or self.held >= number)
        return self.held >= number


class Unseen:
    """Something that was made, and that the service's lists do not show yet."""

    def __init__(self, store, key, service, reads):
        self.store, self.key, self.service, self.reads = store, key, service, reads
        self.record = None

    def hide(self):
        self.reads -= 1
        self.record = self.store.pop(self.key, None)

    def show(self):
        if self.record is not None:
            self.store[self.key] = self.record


class Faults:
    """Stands before the emulator's application. `account_of` and `session_of` name what an access key belongs to; `tick` is told of each
    account's call."""

    def __init__(self, app, account_of, session_of, tick=None):
        self.app, self.account_of, self.session_of, self.tick = app, account_of, session_of, tick
        self.plans = {}

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        if scope["path"].startswith(CONTROL):
            return await self.control(scope, receive, send)
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        key, service = credential(headers.get("authorization", ""))
        # Twelve digits are an account's owner, who counts what the account holds.
        if not key or key.isdigit() or not (self.plans or self.tick):
            return await self.app(scope, receive, send)
        body = await whole(receive)
        call, form = called(service, headers, body)
        if call == "sts:AssumeRole":
            # Nobody has the role's account yet, nor the session, who takes it on.
            account, session = form["RoleArn"][0].split(":")[4], form["RoleSessionName"][0]
        else:
            account, session = self.account_of(key), self.session_of(key)
        if self.tick:
            self.tick(account)
        plan = self.plans.get(account)
        fault = plan.next(call, session) if plan else None
        request = Request(self, plan, scope, receive, send, body, service, call, account)
        return await (request.meet(fault) if fault else request.carry_out(send))

    async def control(self, scope, receive, send):
        account, _, more = scope["path"][len(CONTROL):].partition("/")
        if scope["client"][0] not in ("127.0.0.1", "::1"):
            return await answer(send, 403, {"error": "faults are asked for from the local cloud's own host"})
        plan = self.plans.get(account)
        if scope["method"] in ("POST", "DELETE"):
            asked = await whole(receive)
            if plan:
                await plan.end()
            self.plans.pop(account, None)
            if scope["method"] == "POST":
                try:
                    self.plans[account] = Plan(json.loads(asked))
                except (TypeError, ValueError) as wrong:
                    return await answer(send, 400, {"error": f"not a list of faults: {wrong}"})
            return await answer(send, 200, {})
        if not plan:
            return await answer(send, 404, {"error": f"no faults were asked for in account {account}"})
        if more.startswith("held/"):
            return await answer(send, 200 if await plan.has_held(int(more[5:])) else 410, {})
        return await answer(send, 200, {"calls": plan.calls, "met": plan.met})


@dataclasses.dataclass
class Request:
    faults: Faults
    plan: Plan | None
    scope: dict
    receive: object
    send: object
    body: bytes
    service: str
    call: str
    account: str

    async def meet(self, fault):
        if fault.fault in ("drop", "hold"):
            if fault.moment == "after":
                await self.make(fault, nobody)
            if fault.fault == "hold":
                await self.plan.hold()
                while (await self.receive())["type"] != "http.disconnect":
                    pass
            return hang_up(self.send)
        if fault.fault == "late":
            return await self.make(fault, self.send)
        codes = {
            "throttle": THROTTLED.get(self.service, ("ThrottlingException", 400)),
            "500": ("InternalFailure" if self.service != "ec2" else "InternalError", 500),
            "503": ("ServiceUnavailable" if self.service != "ec2" else "Unavailable", 503),
        }
        code, status = codes.get(fault.fault) or (fault.code, STATUS.get(fault.code, 400))
        return await refuse(self.send, self.service, status, code, fault.message)

    async def carry_out(self, send):
        unseen = [one for one in self.plan.unseen if one.service == self.service and one.reads] if self.plan else []
        if not unseen or not self.call.partition(":")[2].startswith(READS):
            return await self.faults.app(self.scope, self.again(), send)
        said = []

        async def keep(message):
            said.append(message)

        for one in unseen:
            one.hide()
        try:
            await self.faults.app(self.scope, self.again(), keep)
        finally:
            for one in unseen:
                one.show()
        for message in said:
            await send(message)

    async def make(self, fault, send):
        """Carries the call out, and keeps what it makes out of sight for as long as the fault says."""
        module, name = MADE_BY.get(self.call, (None, None))
        if not module or not fault.reads:
            return await self.carry_out(send)
        store = getattr(importlib.import_module(f"ministack.services.{module}"), name)._data
        before = set(store)
        await self.carry_out(send)
        made = [key for key in store if key not in before and key[0] == self.account]
        self.plan.unseen += [Unseen(store, key, self.service, fault.reads) for key in made]

    def again(self):
        """The request for the emulator, which was read here."""
        parts = [{"type": "http.request", "body": self.body, "more_body": False}]

        async def receive():
            return parts.pop() if parts else await self.receive()

        return receive


def credential(authorization):
    """The access key and the service that a request was signed with."""
    _, found, scope = authorization.partition("Credential=")
    words = scope.split(",")[0].split("/")
    return (words[0], words[3]) if found and len(words) > 3 else ("", "")


def called(service, headers, body):
    if target := headers.get("x-amz-target"):
        return f"{service}:{target.rpartition('.')[2]}", {}
    form = urllib.parse.parse_qs(body.decode("utf-8", errors="replace"))
    return f"{service}:{form.get('Action', ['?'])[0]}", form


async def whole(receive):
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


async def nobody(message):
    """Whoever asked hears nothing."""


def hang_up(send):
    """No answer: the server closes the connection of a stream that counts as closed and has sent nothing."""
    from hypercorn.protocol.http_stream import ASGIHTTPState

    send.__self__.state = ASGIHTTPState.CLOSED


async def refuse(send, service, status, code, message):
    if service not in ("ec2", "iam", "sts"):
        return await answer(send, status, {"__type": code, "message": message}, "application/x-amz-json-1.1")
    said = f"<Code>{code}</Code><Message>{xml.sax.saxutils.escape(message)}</Message>"
    if service == "ec2":
        text = f"<Response><Errors><Error>{said}</Error></Errors><RequestID>{uuid.uuid4()}</RequestID></Response>"
    else:
        text = f"<ErrorResponse><Error><Type>Sender</Type>{said}</Error><RequestId>{uuid.uuid4()}</RequestId></ErrorResponse>"
    return await reply(send, status, "text/xml", text.encode())


async def answer(send, status, document, kind="application/json"):
    await reply(send, status, kind, json.dumps(document).encode())


async def reply(send, status, kind, body):
    headers = [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
