#!/bin/bash
# Brings PostgreSQL to rest before another machine takes over its volume, by SSM Run Command. May run again.
# Prints one line of JSON and nothing secret: {"rested":true}, or false where it did not stop in order.
cd / || exit 1
STATE=/var/lib/cloudsail
MARK=/var/lib/postgresql/cloudsail-indexes
# Whoever takes over should know what the indexes are good for. A machine that came no further than its boot can't say.
if [ -e "$STATE/ready" ] && [ ! -e "$MARK" ]; then
	uname -m >"$MARK"
fi
rested=true
systemctl stop "postgresql@@VERSION@-main" || rested=false
sync
printf '{"rested":%s}\n' "$rested"
