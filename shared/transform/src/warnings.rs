//! What a person should know before pressing Deploy, though it is allowed.

use crate::aws::Ground;
use domain::plan::{Component, Workload};
use knowledge::{Catalogue, Machine};
use serde::Serialize;
use utoipa::ToSchema;

/// Something to think about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Warning {
    /// `burstable`, `single_zone`, `backup_off`, `open_network`, `no_client`, `replaced` or `no_room`.
    pub code: &'static str,
    /// JSON pointer into the plan: where to change it.
    pub pointer: &'static str,
    /// What it means, and what would be better.
    pub message: String,
}

/// More clients than this at once make a web workload a busy one.
const BUSY_CONNECTIONS: u32 = 100;

/// All that holds for a component on its machine.
pub(crate) fn of(component: &Component, machine: &Machine, catalogue: &Catalogue) -> Vec<Warning> {
    let mut all = Vec::new();
    let mut warn = |code, pointer, message: String| all.push(Warning { code, pointer, message });
    let db = &component.db;
    let busy = matches!(db.workload, Workload::Oltp | Workload::Dw | Workload::Mixed) || db.max_connections > BUSY_CONNECTIONS;
    if busy && let Some(burst) = catalogue.burst(machine) {
        let message = format!(
            "{} shares its cores: when its CPU credits are used up, each of its {} vCPUs runs at {} %. A busy {} database with {} connections does better on a type of the m or r families",
            machine.name, machine.cpu, burst.baseline_percent, db.workload, db.max_connections
        );
        warn("burstable", "/components/0/aws/instance_type", message);
    }
    if db.topology.kind == "single" {
        let message = "one machine in one zone: while the machine or its zone is down, so is the database".to_owned();
        warn("single_zone", "/components/0/db/topology", message);
    }
    if component.backup.is_none() {
        let message =
            "backups are off: what is deleted or overwritten by mistake can't be brought back. Say \"backup\": \"needed\"".to_owned();
        warn("backup_off", "/components/0/backup", message);
    }
    if component.network.allow.iter().any(|range| range.prefix_len() == 0) {
        let message = "0.0.0.0/0 lets the whole internet try to sign in; name the ranges of your applications".to_owned();
        warn("open_network", "/components/0/network/allow", message);
    }
    if component.network.allow.is_empty() {
        let message = "nobody may connect: name the ranges of your applications, such as 203.0.113.0/24".to_owned();
        warn("no_client", "/components/0/network/allow", message);
    }
    all
}

/// The machine is replaced: what goes, what stays, for how long, and what happens to the indexes.
pub(crate) fn replaced(ground: Ground) -> Warning {
    let (pointer, indexes) = match ground {
        Ground::Image => (
            "/components/0/aws/ami",
            "If the new image sorts text in another way than the old one, the indexes that depend on that are rebuilt",
        ),
        Ground::System => (
            "/components/0/os",
            "Another system may sort text in another way: the indexes that depend on that are rebuilt; tables that are partitioned by ranges \
             of text, and constraints that compare text, are for you to look at",
        ),
        Ground::Architecture => {
            ("/components/0/hardware/architecture", "Some kinds of indexes depend on the architecture: all are rebuilt")
        }
    };
    let message = format!(
        "the machine is replaced: it is stopped and ended, and another one takes over the data volume, the private address, the password and \
         who may connect. PostgreSQL is away for about five minutes, and what else was put on the old machine is lost. {indexes}, before \
         anybody is let in, which adds some minutes for each 10 GiB of them. If the new machine does not come up, or you cancel, one like \
         the old one is made again"
    );
    Warning { code: "replaced", pointer, message }
}

/// The deploy met full zones and took another machine type, which goes on until somebody asks for another.
pub(crate) fn no_room(full: &str, runs: &str) -> Warning {
    let message = format!(
        "it runs on {runs}, since AWS had no room for {full} when it was deployed; that costs what is said here, and nothing changes by \
         itself. Name {full} as aws.instance_type to move to it, which restarts the machine; where there is still no room it stays on {runs}"
    );
    Warning { code: "no_room", pointer: "/components/0/aws/instance_type", message }
}
