"""What the local cloud's Google holds a client to."""

import base64
import json
import urllib.parse

import pytest
from local_cloud import google

ASKED = {"client_id": google.CLIENT, "response_type": "code", "scope": "openid email", "redirect_uri": "http://localhost/back", "state": "s 1"}


def traded(codes, code, **other):
    form = {"grant_type": "authorization_code", "code": code, "client_id": google.CLIENT, "client_secret": google.SECRET,
            "redirect_uri": ASKED["redirect_uri"]}
    return codes.trade({**form, **other})


def test_a_code_says_once_who_signed_in():
    codes = google.Codes()
    code = codes.give(ASKED, "person@example.com")
    status, answer = traded(codes, code)
    claims = json.loads(base64.urlsafe_b64decode(answer["id_token"].split(".")[1] + "=="))
    assert (status, claims["email"], claims["email_verified"], claims["sub"]) == (200, "person@example.com", True, google.subject("person@example.com"))
    assert traded(codes, code)[0] == 400


@pytest.mark.parametrize("other", [{"redirect_uri": "http://localhost/elsewhere"}, {"client_secret": "x"}, {"grant_type": "x"}])
def test_a_code_is_worth_nothing_to_others(other):
    codes = google.Codes()
    assert traded(codes, codes.give(ASKED, "person@example.com"), **other)[0] >= 400


@pytest.mark.parametrize("name", ["client_id", "response_type", "scope", "redirect_uri"])
def test_the_page_is_shown_to_its_client_alone(name):
    assert google.wrong(ASKED) is None
    assert google.wrong({**ASKED, name: ""})


def test_the_person_is_sent_back_with_the_clients_own_state():
    query = urllib.parse.urlsplit(google.back(ASKED, error="access_denied")).query
    assert urllib.parse.parse_qs(query) == {"error": ["access_denied"], "state": ["s 1"]}
