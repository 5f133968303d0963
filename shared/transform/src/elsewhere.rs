//! What Azure's and Google Cloud's documents have in common: a plan whose wishes are in AWS's words becomes one for another cloud.

use crate::aws::{Error, configuration, field, pointer};
use crate::bootstrap;
use crate::document::{Configuration, Document, Resource};
use domain::plan::{Component, Plan};
use knowledge::{Catalogue, Disk, Knowledge, Machine, Machines, Need, SystemImage};
use serde_json::Value;
use std::collections::BTreeMap;

/// A cloud that is not AWS.
pub(crate) struct Elsewhere {
    /// As in a plan's `cloud.provider`.
    pub provider: &'static str,
    /// As people call it.
    pub name: &'static str,
    pub schema: &'static str,
    /// What the boot script asks of it.
    pub functions: &'static str,
    pub machines: fn(&Catalogue) -> &Machines,
    /// The most bytes that the boot script may have.
    pub script_limit: usize,
}

/// A plan with all that is derived before the resources are.
pub(crate) struct Basis<'a> {
    pub component: &'a Component,
    pub region: String,
    pub region_reason: String,
    pub machine: &'a Machine,
    pub machine_reason: String,
    pub image: &'a SystemImage,
    pub configuration: Configuration,
    pub script: String,
    /// Ranges that may connect.
    pub allow: Vec<String>,
    pub allow_reason: String,
    name: String,
    schema: &'static str,
}

impl Elsewhere {
    pub fn basis<'a>(&self, plan: &'a Plan, knowledge: &'a Knowledge) -> Result<Basis<'a>, Error> {
        let component = plan.postgres().ok_or_else(|| field("/components", "must hold one postgres"))?;
        let catalogue = &knowledge.catalogue;
        let (region, region_reason) = self.region(plan, catalogue)?;
        let (machine, machine_reason) = self.machine(component, &region, catalogue)?;
        let os = &component.os;
        let system = catalogue.system(&os.family, &os.version).ok_or_else(|| field("/components/0/os", "is not offered any more"))?;
        let image = system.image(machine.architecture).ok_or_else(|| {
            let message = format!("{} {} has no image for {}; take another system", os.family, os.version, machine.architecture);
            field("/components/0/os", message)
        })?;
        // What the disk comes with on either cloud, unless the plan asks for more.
        let wished = &component.hardware.disk;
        let disk = Disk {
            size_gib: wished.size_gib,
            iops: wished.iops.unwrap_or(0).max(3000),
            throughput_mib_s: wished.throughput_mib_s.unwrap_or(0).max(125),
        };
        let configuration = configuration(component, machine, disk, &knowledge.tuning)?;
        let (allow, allow_reason) = allow(component);
        let script = bootstrap::script(self.functions, &configuration);
        if script.len() > self.script_limit {
            let (size, Self { name, script_limit, .. }) = (script.len(), self);
            let message = format!("the boot script would be {size} bytes, and {name} takes {script_limit}; decide fewer settings");
            return Err(field("/components/0/db/settings", message));
        }
        let (name, schema) = (plan.name.clone(), self.schema);
        Ok(Basis {
            component,
            region,
            region_reason,
            machine,
            machine_reason,
            image,
            configuration,
            script,
            allow,
            allow_reason,
            name,
            schema,
        })
    }

    /// The plan's own region if it is one of this cloud's, else the nearest to it.
    fn region(&self, plan: &Plan, catalogue: &Catalogue) -> Result<(String, String), Error> {
        let at = "/cloud/region";
        let Self { provider, name, .. } = self;
        let example = catalogue.regions().names(provider).next().unwrap_or_default();
        let own = format!("say \"provider\": \"{provider}\" and name one of its own, such as {example}");
        let cloud = &plan.cloud;
        let asked = cloud.region.as_deref().ok_or_else(|| field(at, format!("is needed; {own}")))?;
        if cloud.provider == *provider {
            return Ok((asked.to_owned(), format!("the plan asks for {asked}")));
        }
        let nearest = catalogue.regions().nearest(&cloud.provider, asked, provider);
        let nearest = nearest.ok_or_else(|| field(at, format!("no region of {name} is known to be near {asked}; {own}")))?;
        Ok((nearest.to_owned(), format!("{name}'s nearest to {asked}, which the plan asks for")))
    }

    /// The best machine for what is asked: by numbers, and by a machine type of AWS's where the plan names one.
    fn machine<'a>(&self, component: &Component, region: &str, catalogue: &'a Catalogue) -> Result<(&'a Machine, String), Error> {
        let hardware = &component.hardware;
        let wished = component.aws.as_ref().and_then(|wishes| wishes.instance_type.as_deref());
        let like = wished.and_then(|name| catalogue.machine(name));
        let need = Need {
            cpu: like.map_or(hardware.cpu, |machine| machine.cpu.max(hardware.cpu)),
            memory_gib: like.map_or(hardware.memory_gib, |machine| machine.memory_gib().max(hardware.memory_gib)),
            iops: hardware.disk.iops,
            throughput_mib_s: hardware.disk.throughput_mib_s,
            architecture: hardware.architecture.or(like.map(|machine| machine.architecture)),
            region: region.to_owned(),
        };
        match (self.machines)(catalogue).pick(&need) {
            Ok(pick) => {
                let like =
                    like.map_or_else(String::new, |machine| format!("as large as AWS's {}, which the plan asks for: ", machine.name));
                Ok((pick.machine, like + &pick.reason))
            }
            Err(no_fit) => Err(field(pointer(no_fit.unmet.first().map(|unmet| unmet.field)), no_fit.to_string())),
        }
    }
}

/// A disk whose speed is asked for apart from its size, and bound by it.
pub(crate) struct Provisioned {
    /// As people call it.
    pub name: &'static str,
    /// In the cloud's own unit.
    pub throughput: u32,
    pub unit: &'static str,
    pub iops_included: u32,
    pub iops_per_gib_max: u32,
    /// IOPS that each unit of throughput needs.
    pub iops_per_unit: u32,
}

impl Provisioned {
    /// The IOPS of the disk that is asked for, and why they are what they are.
    pub fn iops(&self, asked: &domain::plan::Disk) -> Result<(u32, String), Error> {
        let Self { name, throughput, unit, iops_included, iops_per_gib_max, iops_per_unit } = self;
        let size = asked.size_gib;
        let iops = asked.iops.unwrap_or(0).max(*iops_included).max(throughput * iops_per_unit);
        let most = iops_per_gib_max.saturating_mul(size);
        if iops > most {
            let larger = iops.div_ceil(*iops_per_gib_max);
            let message =
                format!("the plan needs {iops} IOPS, and a {name} of {size} GiB takes {most}; ask for less, or for a disk of {larger} GiB");
            let at = if asked.iops == Some(iops) { "iops" } else { "throughput_mib_s" };
            return Err(field(pointer(Some(at)), message));
        }
        let reason = match asked.iops {
            Some(wish) if wish == iops => "as the plan asks".to_owned(),
            _ if iops > *iops_included => format!("a {name} needs {iops_per_unit} for each of {throughput} {unit}"),
            Some(wish) => format!("what a {name} includes; the plan asks for {wish}"),
            None => format!("what a {name} includes, as the plan asks for none"),
        };
        Ok((iops, format!("{iops} IOPS: {reason}")))
    }
}

/// The plan's ranges without those that lie in another one, since Azure refuses ranges that overlap; and why.
fn allow(component: &Component) -> (Vec<String>, String) {
    let mut all = component.network.allow.clone();
    let asked = all.len();
    all.sort();
    all.dedup();
    let widest = all.iter().filter(|range| !all.iter().any(|other| other != *range && other.contains(*range)));
    let kept: Vec<String> = widest.map(ToString::to_string).collect();
    let within = match asked - kept.len() {
        0 => String::new(),
        inside => format!(", of which {inside} lie in another one"),
    };
    let reason = format!("the plan names {asked} ranges for PostgreSQL's port{within}; nobody else is let in");
    (kept, reason)
}

impl Basis<'_> {
    /// A word's id: the component's id and the word.
    pub fn id(&self, word: &str) -> String {
        format!("{}-{word}", self.component.id)
    }

    /// The same as a name that clouds take: small letters, digits and hyphens.
    pub fn name(&self, word: &str) -> String {
        self.id(word).to_ascii_lowercase().replace('_', "-")
    }

    pub fn resource(&self, word: &str, kind: &str, properties: Value, reasons: &[(&str, String)], needs: &[&str]) -> Resource {
        Resource {
            id: self.id(word),
            component: self.component.id.clone(),
            kind: kind.to_owned(),
            properties,
            reasons: reasons.iter().map(|(pointer, reason)| ((*pointer).to_owned(), reason.clone())).collect(),
            needs: needs.iter().map(|word| self.id(word)).collect(),
            keep_days: None,
        }
    }

    pub fn document(self, lookups: &[(&str, Value)], resources: Vec<Resource>) -> Document {
        Document {
            schema: self.schema.to_owned(),
            name: self.name,
            region: self.region,
            lookups: lookups.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
            resources,
            no_room: Vec::new(),
            configuration: BTreeMap::from([(self.component.id.clone(), self.configuration)]),
        }
    }
}

/// The members of `more` in `base`, both objects.
pub(crate) fn with(mut base: Value, more: Value) -> Value {
    if let (Some(base), Value::Object(more)) = (base.as_object_mut(), more) {
        base.extend(more);
    }
    base
}
