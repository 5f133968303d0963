"""The sessions that were opened in an account: GET /_cloudsail/sessions/<account>, on loopback alone, answers the secret key and the token of
each that has not ended. The search for secrets looks for them in what a run has left."""

import json

CONTROL = "/_cloudsail/sessions/"


class Sessions:
    """Stands before the emulator's application. `of` answers the records of an account's sessions."""

    def __init__(self, app, of):
        self.app, self.of = app, of

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http" or not scope["path"].startswith(CONTROL) or scope["client"][0] not in ("127.0.0.1", "::1"):
            return await self.app(scope, receive, send)
        found = self.of(scope["path"][len(CONTROL):])
        body = json.dumps([session[part] for session in found for part in ("SecretAccessKey", "SessionToken")]).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})
