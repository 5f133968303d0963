"""In which order a build comes to the site, what is kept of the one before, and what is refused; the site is a dictionary here."""

import datetime
import json
import pathlib
import sys

import pytest

sys.path.append(str(pathlib.Path(__file__).parents[1]))

from publishing import ASK_AGAIN, FOR_A_YEAR, KEPT, LEFT, SIGN_IN, Stopped, publish, smoke  # noqa: E402

NOW = datetime.datetime(2026, 11, 21, 12, tzinfo=datetime.timezone.utc)
LATER = NOW + KEPT + datetime.timedelta(seconds=1)


class Site:
    def __init__(self):
        self.files, self.did = {}, []

    def keys(self, prefix):
        return {key for key in self.files if key.startswith(prefix)}

    def read_json(self, key):
        return json.loads(self.files[key].body) if key in self.files else {}

    def put(self, file):
        self.files[file.key] = file
        self.did.append(file.key)

    def remove(self, key):
        del self.files[key]

    def forget(self):
        self.did.append("forget")


def build(folder, *names):
    for name in (*names, "index.html", "app.html"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return folder


def test_pages_come_after_what_they_load_and_the_edges_forget_at_the_end(tmp_path):
    site = Site()
    publish(site, build(tmp_path, "theme.js", "assets/app-1.js", "assets/app-1.css", ".vite/manifest.json"), NOW)
    assert site.did == [SIGN_IN, "assets/app-1.css", "assets/app-1.js", "theme.js", "app.html", "index.html", LEFT, "forget"]


def test_a_name_with_a_hash_is_kept_for_a_year_and_all_else_is_asked_for_again(tmp_path):
    site = Site()
    publish(site, build(tmp_path, "theme.js", "assets/app-1.js"), NOW)
    assert {key: site.files[key].cache for key in ("assets/app-1.js", "theme.js", "index.html")} == {
        "assets/app-1.js": FOR_A_YEAR, "theme.js": ASK_AGAIN, "index.html": ASK_AGAIN,
    }  # fmt: skip
    assert site.files["assets/app-1.js"].type == "text/javascript; charset=utf-8"


def test_a_hashed_file_that_is_there_is_not_uploaded_again(tmp_path):
    site = Site()
    folder = build(tmp_path, "assets/app-1.js")
    publish(site, folder, NOW)
    site.did.clear()
    publish(site, folder, NOW)
    assert site.did == [SIGN_IN, "app.html", "index.html", LEFT, "forget"]


def test_files_of_the_release_before_stay_counted_from_the_day_they_were_left(tmp_path):
    site = Site()
    publish(site, build(tmp_path / "1", "assets/app-1.js"), NOW - 10 * KEPT)
    publish(site, build(tmp_path / "2", "assets/app-2.js"), NOW)
    publish(site, build(tmp_path / "3", "assets/app-3.js"), NOW + KEPT / 2)
    assert site.keys("assets/") == {"assets/app-1.js", "assets/app-2.js", "assets/app-3.js"}
    publish(site, build(tmp_path / "3"), LATER)
    assert site.keys("assets/") == {"assets/app-2.js", "assets/app-3.js"}


def test_a_file_that_comes_back_is_no_longer_counted_as_left(tmp_path):
    site = Site()
    publish(site, build(tmp_path / "1", "assets/app-1.js"), NOW)
    publish(site, build(tmp_path / "2"), NOW)
    publish(site, tmp_path / "1", LATER)
    assert site.keys("assets/") == {"assets/app-1.js"} and site.read_json(LEFT) == {}


def test_nothing_is_uploaded_of_a_build_that_is_not_whole(tmp_path):
    site = Site()
    with pytest.raises(Stopped, match="index.html"):
        publish(site, tmp_path, NOW)
    with pytest.raises(Stopped, match=r"\.exe"):
        publish(site, build(tmp_path, "assets/tool.exe"), NOW)
    assert site.did == []


def test_the_page_is_told_whether_people_sign_in_by_google(tmp_path):
    site = Site()
    publish(site, build(tmp_path), NOW)
    assert site.read_json(SIGN_IN) == {"google": None}
    publish(site, tmp_path, NOW, {"page": "https://cloudsail-dev-1.auth.ca-central-1.amazoncognito.com", "client_id": "abc"})
    assert site.read_json(SIGN_IN) == {
        "google": {"authorize": "https://cloudsail-dev-1.auth.ca-central-1.amazoncognito.com/oauth2/authorize", "client_id": "abc"}
    }
    assert site.files[SIGN_IN].cache == ASK_AGAIN


PAGE = {"content-type": "text/html", "content-security-policy": "script-src 'self'"}
ANSWERS = {
    "/": (200, PAGE, '<script src="/assets/a-1.js"></script>'),
    "/dashboard": (200, PAGE, '<link rel="stylesheet" href="/assets/a-1.css">'),
    "/assets/a-1.js": (200, {"content-type": "text/javascript"}, ""),
    "/assets/a-1.css": (200, {"content-type": "text/css"}, ""),
    "/sign-in.json": (200, {"content-type": "application/json"}, "{}"),
    "/v1/openapi.json": (200, {"content-type": "application/json"}, "{}"),
}


def test_a_site_that_is_whole_passes():
    smoke(ANSWERS.__getitem__)


@pytest.mark.parametrize(
    "path, answer",
    [
        ("/", (200, {"content-type": "text/html"}, "")),
        ("/dashboard", (403, {}, "")),
        ("/assets/a-1.css", (403, {}, "")),
        ("/assets/a-1.js", (200, {"content-type": "application/octet-stream"}, "")),
        ("/sign-in.json", (200, PAGE, "")),
        ("/v1/openapi.json", (200, PAGE, "")),
    ],
)
def test_what_is_missing_or_wrong_is_named(path, answer):
    with pytest.raises(Stopped, match=path):
        smoke({**ANSWERS, path: answer}.__getitem__)
