# shellcheck shell=bash
# What postgres.sh asks of the machine's cloud: Azure.

metadata() { curl -sf -m 5 --retry 5 --retry-all-errors -H 'Metadata: true' "http://169.254.169.254/metadata/$1"; }
own_address() { metadata 'instance/network/interface/0/ipv4/ipAddress/0/privateIpAddress?api-version=2021-02-01&format=text'; }
own_name() { metadata 'instance/compute/name?api-version=2021-02-01&format=text'; }
# What is known only once the machine is made, it reads from its own tags.
tag() {
	metadata 'instance/compute/tagsList?api-version=2021-02-01' |
		python3 -c 'import json,sys; print({t["name"]: t["value"] for t in json.load(sys.stdin)}[sys.argv[1]])' "$1"
}
deployment() { tag cloudsail:deployment; }

# The agent is part of the image.
prepare() {
	command -v curl >/dev/null || { apt-get -qq update && apt-get -y -qq install --no-install-recommends curl; }
}

# The disk sits at LUN 0. Azure's rules for udev link it; where an image lacks them, NVMe's namespace is the LUN and 2.
data_device() {
	local link disk
	for link in /dev/disk/azure/data/by-lun/0 /dev/disk/azure/scsi1/lun0; do
		if [ -b "$link" ]; then
			echo "$link"
			return
		fi
	done
	for disk in /sys/class/nvme/nvme*/nvme*n*; do
		if grep -qs '^MSFT NVMe Accelerator' "${disk%/*}/model" && [ "$(cat "$disk/nsid")" = 2 ]; then
			echo "/dev/${disk##*/}"
			return
		fi
	done
	echo /dev/disk/azure/scsi1/lun0
}

# curl reads its token from standard input: an argument list is for everybody to see.
# A role that was just given takes Azure minutes to honour.
administrator() {
	local secret token
	secret=$(tag cloudsail:secret)
	# Whoever may write tags must not get the machine's token: it goes to a Key Vault and nowhere else.
	[[ $secret =~ ^https://[a-z0-9-]+\.vault\.azure\.net/secrets/[a-z0-9-]+$ ]] || { echo "$secret is no secret of a Key Vault" >&2; return 1; }
	token=$(metadata 'identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fvault.azure.net' | json access_token)
	printf 'header = "Authorization: Bearer %s"\n' "$token" |
		curl -sS -f -m 20 --retry 60 --retry-delay 10 --retry-max-time 600 --retry-all-errors -K - "$secret?api-version=7.4" | json value
}
