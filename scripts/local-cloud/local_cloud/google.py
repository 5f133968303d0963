"""Google, as far as people sign in by it: the page that asks who somebody is, and the endpoint that trades its code.

It stands in for what cannot exist here. It takes any address for an account of its own and asks for no password, signs nothing (the
emulator believes a token without its signature), and knows one client: the one that Terraform makes in the environment `local`.
What it holds a client to is as in "Using OAuth 2.0 for Web Server Applications" (Google Identity): a code is good once, for the
client and the address that it was given to.
"""

import base64
import hashlib
import html
import http.server
import json
import secrets
import urllib.parse

from . import settings
from .processes import of_module

CLIENT = "cloudsail-local.apps.googleusercontent.com"
SECRET = "played-by-the-local-cloud"  # terraform/environments/local says the same; it opens nothing but this server
PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Sign in - the local cloud's Google</title>
<h1>Sign in with the local cloud's Google</h1>
<p>Any address will do. Nothing leaves this machine.</p>
<form method="post" action="/signed-in?{asked}">
<label>Google address <input name="email" type="email" required autofocus></label>
<button>Continue</button>
</form>
<p><a href="{cancel}">Cancel</a></p>
"""


def server():
    return of_module("google")


def back(asked, **more):
    """Where the person is sent, with what is to be known there."""
    return f"{asked['redirect_uri']}?{urllib.parse.urlencode({**more, 'state': asked.get('state', '')})}"


def wrong(asked):
    """Why the page is not shown, or None."""
    if asked.get("client_id") != CLIENT:
        return "invalid_client"
    if asked.get("response_type") != "code" or not asked.get("redirect_uri") or "openid" not in asked.get("scope", "").split():
        return "invalid_request"
    return None


def id_token(email):
    claims = {"iss": settings.GOOGLE_URL, "aud": CLIENT, "sub": subject(email), "email": email, "email_verified": True}
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in ({"alg": "none"}, claims)]
    return ".".join([*parts, ""])


def subject(email):
    """Google's own number for an account: 21 digits, the same at each sign-in."""
    return str(int(hashlib.sha256(email.encode()).hexdigest(), 16) % 10**21).zfill(21)


class Codes:
    """Those that were given out and not traded yet."""

    def __init__(self):
        self.open = {}

    def give(self, asked, email):
        code = secrets.token_urlsafe(24)
        self.open[code] = (asked["redirect_uri"], email)
        return code

    def trade(self, form):
        """Status and body of the token endpoint's answer."""
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT, SECRET):
            return 401, {"error": "invalid_client"}
        redirect_uri, email = self.open.pop(form.get("code", ""), (None, None))
        if form.get("grant_type") != "authorization_code" or redirect_uri is None or redirect_uri != form.get("redirect_uri"):
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": secrets.token_urlsafe(24), "expires_in": 3599, "token_type": "Bearer", "id_token": id_token(email)}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    codes = Codes()

    def do_GET(self):
        path, asked = self.asked()
        if path != "/o/oauth2/v2/auth":
            return self.say(404, "text/plain", "not found")
        if wrong(asked):
            return self.say(400, "text/plain", f"Error 400: {wrong(asked)}")
        cancel = html.escape(back(asked, error="access_denied"))
        self.say(200, "text/html; charset=utf-8", PAGE.format(asked=html.escape(urllib.parse.urlencode(asked)), cancel=cancel))

    def do_POST(self):
        path, asked = self.asked()
        body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
        form = dict(urllib.parse.parse_qsl(body))
        if path == "/token":
            status, answer = self.codes.trade(form)
            return self.say(status, "application/json", json.dumps(answer))
        if path != "/signed-in" or wrong(asked) or not form.get("email"):
            return self.say(400, "text/plain", "Error 400: invalid_request")
        self.say(303, "text/plain", "", location=back(asked, code=self.codes.give(asked, form["email"])))

    def asked(self):
        path, _, query = self.path.partition("?")
        return path, dict(urllib.parse.parse_qsl(query))

    def say(self, status, kind, text, **headers):
        content = text.encode()
        self.send_response_only(status)
        for name, value in {"content-type": kind, "content-length": str(len(content)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        """Says nothing: its addresses hold codes."""


def main():
    http.server.ThreadingHTTPServer(("127.0.0.1", settings.GOOGLE_PORT), Handler).serve_forever()
