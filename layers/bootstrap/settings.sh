# shellcheck shell=sh
# How PostgreSQL, the kernel and the service are set up: at boot by postgres.sh, later by apply.sh. CONF is the cluster's folder.

# Writes what each is to read. Nothing takes effect yet.
write_settings() {
	mkdir -p "$CONF/conf.d" /etc/systemd/system/postgresql@.service.d
	grep -q "^include_dir = 'conf.d'" "$CONF/postgresql.conf" || echo "include_dir = 'conf.d'" >>"$CONF/postgresql.conf"
	cat >"$CONF/conf.d/cloudsail.conf" <<'SETTINGS'
@SETTINGS@
# The cloud's firewall decides who reaches the port; pg_hba.conf decides who may sign in.
listen_addresses = '*'
ssl_cert_file = '/var/lib/postgresql/cloudsail-tls/server.crt'
ssl_key_file = '/var/lib/postgresql/cloudsail-tls/server.key'
SETTINGS
	cat >/etc/sysctl.d/90-cloudsail.conf <<'KERNEL'
@KERNEL@
KERNEL
	cat >/etc/systemd/system/postgresql@.service.d/cloudsail.conf <<'LIMITS'
[Service]
@LIMITS@
LIMITS
	chown -R postgres: "$CONF"
}

# Hands the kernel its settings, while PostgreSQL is down: pages that it holds can't be reserved again.
reserve() {
	sysctl -q -p /etc/sysctl.d/90-cloudsail.conf || echo 'the kernel settings belong to the host here'
	# What could not be reserved must not keep PostgreSQL from starting. A later file wins.
	wanted=$(sed -n 's/^vm.nr_hugepages = //p' /etc/sysctl.d/90-cloudsail.conf)
	rm -f "$CONF/conf.d/huge_pages.conf"
	if [ "$(cat /proc/sys/vm/nr_hugepages)" -lt "${wanted:-0}" ]; then
		printf '# the kernel reserved fewer than the %s pages it was asked for\nhuge_pages = try\n' "$wanted" >"$CONF/conf.d/huge_pages.conf"
	fi
	systemctl daemon-reload
}
