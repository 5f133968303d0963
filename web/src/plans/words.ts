/** What fields are called, and what to know of them; others go by their own name. */
const WORDS: Record<string, { label: string; hint?: string }> = {
	allow: {
		label: "Who may connect",
		hint: "Address ranges as CIDRs, one a line, such as 203.0.113.0/24. Nobody else gets an answer.",
	},
	ami: { label: "Image (AMI)", hint: "Looked up when deployed; the newest of the system if you say nothing." },
	architecture: { label: "Architecture" },
	aws: { label: "On AWS alone", hint: "Wishes that win over what is derived from the fields above." },
	backup: { label: "Backup" },
	cloud: { label: "Where" },
	account: { label: "Cloud account", hint: "The only or last used one if you say nothing." },
	cpu: { label: "vCPU" },
	db: { label: "Database" },
	disk: { label: "Disk" },
	endpoint: { label: "Endpoint" },
	family: { label: "System" },
	flavor: { label: "Flavour" },
	grow_to_gib: { label: "Grows by itself to, GiB", hint: "When it fills up, without a pause; not at all if you say nothing." },
	hardware: { label: "Machine" },
	instance_type: {
		label: "Machine type",
		hint: "Such as m7i.large, instead of vCPU and memory. Type to narrow the list: 4 vCPU 16 GiB arm64.",
	},
	iops: { label: "IOPS" },
	max_connections: { label: "Connections", hint: "How many clients at once." },
	memory_gib: { label: "Memory, GiB" },
	network: { label: "Network" },
	os: { label: "Operating system" },
	postgres: { label: "PostgreSQL", hint: "A database on a machine of its own." },
	protect: { label: "Protect", hint: "Can't be destroyed while this is set." },
	public: { label: "Public address" },
	restore_test: { label: "Restore test" },
	retention_days: { label: "Kept, days" },
	schedule: { label: "Schedule", hint: "As cron writes it: minute, hour, day, month, weekday." },
	settings: { label: "Settings of your own", hint: "One a line, such as work_mem = 64MB. They win over what is derived." },
	size_gib: { label: "Size, GiB" },
	throughput_mib_s: { label: "Throughput, MiB/s" },
	topology: { label: "Topology" },
	workload: { label: "Workload", hint: "What it is used for; settings are derived from it." },
};

/** Words of the API's short form, which the fields beside them say better. They are drawn only where a plan has them. */
export const SHORT_FORM = new Set(["hardware/ami", "hardware/instance_type", "hardware/storage"]);

export function wordsOf(name: string): { label: string; hint?: string } {
	return WORDS[name] ?? { label: name.charAt(0).toUpperCase() + name.slice(1).replaceAll("_", " ") };
}
