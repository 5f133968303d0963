#!/bin/bash
# What the control plane asks by SSM Run Command: how far the boot is, and whether a real query over TLS succeeds.
# Prints one line of JSON and nothing secret.
cd / || exit 1
STATE=/var/lib/cloudsail
text() { python3 -c 'import json,sys; print(json.dumps(sys.stdin.read().strip()))'; }
step=$(tail -n 1 "$STATE/progress" 2>/dev/null | cut -d' ' -f2)
if [ -e "$STATE/failed" ]; then
	printf '{"state":"failed","step":"%s","reason":%s}\n' "$step" "$(text <"$STATE/failed")"
elif [ ! -e "$STATE/ready" ]; then
	printf '{"state":"booting","step":"%s"}\n' "${step:-boot}"
else
	address=$(python3 -c 'import json; print(json.load(open("/var/lib/cloudsail/ready"))["address"])')
	# Nobody signs in: that the server asks for a password proves TLS, its certificate and its answer; the query goes by the socket.
	tls=$(psql "host=$address dbname=postgres user=nobody sslmode=verify-full sslrootcert=$STATE/ca.crt connect_timeout=5" -w -c '' 2>&1 || true)
	answer=$(runuser -u postgres -- psql -qXAt -c 'SELECT 1 + 1' postgres 2>&1)
	case $tls in *'no password supplied'*) tls=ok ;; esac
	used=$(df --output=pcent /var/lib/postgresql | tr -dc 0-9)
	if [ "$tls" = ok ] && [ "$answer" = 2 ]; then
		printf '{"state":"ready","sql_ok":true,"disk_used":%d,"address":"%s","ca":%s}\n' "$used" "$address" "$(text <"$STATE/ca.crt")"
	else
		printf '{"state":"ready","sql_ok":false,"disk_used":%d,"reason":%s}\n' "$used" "$(printf '%s %s' "$answer" "$tls" | text)"
	fi
fi
