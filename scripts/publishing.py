"""Brings what scripts/build made of web/ to the site: what scripts/deploy does after the functions have moved.

    publishing.py publish FOLDER < OUTPUTS       upload it, let go of what left long ago, and have the edges forget
    publishing.py smoke URL                      ask the site what it must answer

OUTPUTS is what `terraform output -json` says. A file under assets/ has its content's hash in its name: it goes first, is kept by
browsers for a year, and stays for a while after a release has left it out, since pages that are open still ask for it. The page
itself goes last, so that nobody is sent to a file that is not there yet.
"""

import argparse
import dataclasses
import datetime
import json
import pathlib
import re
import sys
import time
import urllib.error
import urllib.request

from deploying import Stopped

HASHED = "assets/"
SIGN_IN = "sign-in.json"  # what the page asks before it offers sign-in by Google
LEFT = "left.json"  # in the bucket: which hashed files no release has any more, and since when
KEPT = datetime.timedelta(days=30)
FOR_A_YEAR = "public, max-age=31536000, immutable"
ASK_AGAIN = "public, max-age=0, s-maxage=300, must-revalidate"  # browsers each time, the edge after five minutes
TYPES = {
    ".css": "text/css; charset=utf-8", ".html": "text/html; charset=utf-8", ".ico": "image/x-icon", ".js": "text/javascript; charset=utf-8",
    ".json": "application/json", ".png": "image/png", ".svg": "image/svg+xml", ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json", ".webp": "image/webp", ".woff2": "font/woff2",
}  # fmt: skip


@dataclasses.dataclass(frozen=True)
class File:
    key: str
    body: bytes
    type: str
    cache: str


def files(folder):
    """What is to be uploaded, in that order: hashed files, others, pages, and of these the first one last."""
    folder = pathlib.Path(folder)
    found = []
    for path in sorted(folder.rglob("*")):
        key = path.relative_to(folder).as_posix()
        if not path.is_file() or any(part.startswith(".") for part in key.split("/")):
            continue  # the build's own notes
        if path.suffix not in TYPES:
            raise Stopped(f"{path}: what {path.suffix or 'a file without a suffix'} is served as is not known; add it to scripts/publishing.py")
        found.append(File(key, path.read_bytes(), TYPES[path.suffix], FOR_A_YEAR if key.startswith(HASHED) else ASK_AGAIN))
    if not any(file.key == "index.html" for file in found):
        raise Stopped(f"{folder} has no index.html: run scripts/build web")
    return sorted(found, key=lambda file: (not file.key.startswith(HASHED), file.key.endswith(".html"), file.key == "index.html", file.key))


def leaving(there, ours, left, now):
    """Of the hashed files in the bucket: since when each that no release has any more has been left, and which go now."""
    since = {key: left.get(key, now.isoformat()) for key in there if key not in ours}
    gone = sorted(key for key, when in since.items() if now - datetime.datetime.fromisoformat(when) > KEPT)
    return {key: when for key, when in since.items() if key not in gone}, gone


def sign_in(made):
    """What the page has to know to offer sign-in by Google; `made` is what Terraform says of it, None where nobody can."""
    google = made and {"authorize": f"{made['page']}/oauth2/authorize", "client_id": made["client_id"]}
    return File(SIGN_IN, json.dumps({"google": google}).encode(), TYPES[".json"], ASK_AGAIN)


def publish(site, folder, now, google=None):
    """Uploads what the folder holds."""
    ours = [sign_in(google), *files(folder)]
    there = site.keys(HASHED)
    fresh = [file for file in ours if not (file.key.startswith(HASHED) and file.key in there)]
    for file in fresh:
        site.put(file)
    left, gone = leaving(there, {file.key for file in ours}, site.read_json(LEFT), now)
    site.put(File(LEFT, json.dumps(left, sort_keys=True).encode(), TYPES[".json"], "no-store"))
    for key in gone:
        site.remove(key)
    site.forget()
    print(f"{len(fresh)} files of {len(ours)} uploaded, {len(left)} of earlier releases kept, {len(gone)} removed")


class Aws:
    """The bucket and the distribution before it."""

    def __init__(self, bucket, distribution):
        import boto3

        self.s3, self.cloudfront, self.bucket, self.distribution = boto3.client("s3"), boto3.client("cloudfront"), bucket, distribution

    def keys(self, prefix):
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
        return {found["Key"] for page in pages for found in page.get("Contents", [])}

    def read_json(self, key):
        try:
            return json.load(self.s3.get_object(Bucket=self.bucket, Key=key)["Body"])
        except self.s3.exceptions.NoSuchKey:
            return {}

    def put(self, file):
        self.s3.put_object(Bucket=self.bucket, Key=file.key, Body=file.body, ContentType=file.type, CacheControl=file.cache)

    def remove(self, key):
        self.s3.delete_object(Bucket=self.bucket, Key=key)

    def forget(self):
        """Has the edges ask for everything anew, and waits until they do; a new distribution has to be there first."""
        self.cloudfront.get_waiter("distribution_deployed").wait(Id=self.distribution)
        batch = {"Paths": {"Quantity": 1, "Items": ["/*"]}, "CallerReference": str(time.time_ns())}
        made = self.cloudfront.create_invalidation(DistributionId=self.distribution, InvalidationBatch=batch)["Invalidation"]["Id"]
        self.cloudfront.get_waiter("invalidation_completed").wait(DistributionId=self.distribution, Id=made)


def smoke(ask):
    """`ask` answers a path with its status, headers and text."""
    for path in ("/", "/dashboard"):
        text = expected(ask, path, "text/html")
        for asset in re.findall(r'(?:src|href)="(/assets/[^"]+)"', text):
            expected(ask, asset, "text/")
    for path in (f"/{SIGN_IN}", "/v1/openapi.json"):
        expected(ask, path, "application/")


def expected(ask, path, kind):
    status, headers, text = ask(path)
    if status != 200:
        raise Stopped(f"{path} answers {status} instead of 200")
    if not headers.get("content-type", "").startswith(kind):
        raise Stopped(f"{path} is served as {headers.get('content-type')} instead of {kind}")
    if kind == "text/html" and "script-src 'self'" not in headers.get("content-security-policy", ""):
        raise Stopped(f"{path} comes without its Content-Security-Policy")
    return text


def asking(url):
    def ask(path):
        try:
            with urllib.request.urlopen(url + path, timeout=30) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, ""
        except OSError as error:
            raise Stopped(f"{url}{path} does not answer: {error}") from error

    return ask


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("publish").add_argument("folder")
    commands.add_parser("smoke").add_argument("url")
    asked = parser.parse_args()
    try:
        if asked.command == "publish":
            outputs = {name: output["value"] for name, output in json.load(sys.stdin).items()}
            site = Aws(outputs["buckets"]["web"], outputs["site"]["distribution_id"])
            publish(site, asked.folder, datetime.datetime.now(datetime.timezone.utc), outputs.get("sign_in"))
        else:
            smoke(asking(asked.url))
    except Stopped as reason:
        sys.exit(f"scripts/deploy: {reason}")


if __name__ == "__main__":
    main()
