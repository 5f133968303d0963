"""Sixteen clients ask a route for some seconds, through the gateway of the local cloud: errors, rate and times. The same for a
route whose function does next to nothing, which tells the emulator's own cost apart.

    gateway.py API_URL TOKEN_FILE PLAN_ID [SECONDS]
"""

import http.client
import json
import statistics
import sys
import threading
import time
import urllib.parse

CLIENTS = 16


def client(base, path, headers, until, times, errors):
    connection = http.client.HTTPConnection(base.hostname, base.port, timeout=30)
    while time.monotonic() < until:
        begun = time.monotonic()
        try:
            connection.request("GET", base.path + path, headers=headers)
            answer = connection.getresponse()
            answer.read()
            if answer.status == 200:
                times.append(time.monotonic() - begun)
            else:
                errors.append(str(answer.status))
        except OSError as error:
            errors.append(repr(error))
            connection.close()
    connection.close()


def load(base, path, headers, seconds):
    times, errors = [], []
    until = time.monotonic() + seconds
    threads = [threading.Thread(target=client, args=(base, path, headers, until, times, errors)) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times, errors


def main(url, token_file, plan, seconds="30"):
    base, seconds = urllib.parse.urlparse(url), float(seconds)
    with open(token_file, encoding="utf-8") as file:
        headers = {"Authorization": f"Bearer {json.load(file)['access_token']}"}
    failed = 0
    for name, path, sent in (("nothing (docs-asset)", "/docs/start.js", {}), ("plan-get", f"/v1/plan/{plan}", headers)):
        load(base, path, sent, 2)  # the functions start
        times, errors = load(base, path, sent, seconds)
        cuts = statistics.quantiles(times, n=100)
        print(f"{name:22} {CLIENTS} clients, {seconds:.0f} s: {len(times) / seconds:7.0f} a second, p50 {cuts[49] * 1000:6.1f} ms, "
              f"p99 {cuts[98] * 1000:6.1f} ms, {len(errors)} errors {sorted(set(errors))[:3] or ''}")
        failed += len(errors)
    sys.exit(1 if failed else 0)


main(*sys.argv[1:])
