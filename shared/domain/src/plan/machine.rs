//! Whether a plan's wishes for its machine go together. An error names both sides and what would do.

use super::accept::{Offer, OfferedMachine};
use super::{Architecture, Component};

/// How many choices an error names.
const CHOICES: usize = 4;

pub(super) fn check(component: &Component, offer: &Offer, wrong: &mut impl FnMut(&str, String)) {
    let hardware = &component.hardware;
    let (cpu, memory, architecture) = (hardware.cpu, hardware.memory_gib, hardware.architecture);
    let fits = |m: &&OfferedMachine| m.cpu >= cpu && m.memory_gib >= memory && m.architecture == architecture.unwrap_or(m.architecture);
    let Some(wished) = component.aws.as_ref().and_then(|aws| aws.instance_type.as_deref()) else {
        if !offer.machines.iter().any(|machine| fits(&machine)) {
            let largest = largest(offer, architecture);
            wrong("/hardware", format!("no machine type has {cpu} CPUs and {memory} GiB of memory{largest}"));
        }
        return;
    };
    let Some(machine) = offer.machines.iter().find(|machine| machine.name == wished) else {
        return wrong("/aws/instance_type", format!("`{wished}` is not in the catalogue; near it are {}", named(alike(wished, offer))));
    };
    if let Some(architecture) = architecture.filter(|architecture| *architecture != machine.architecture) {
        wrong(
            "/hardware/architecture",
            format!(
                "the plan asks for {architecture}, and its machine type {wished} is {}; leave one out, or take {}",
                machine.architecture,
                named(nearest(offer, wished, fits))
            ),
        );
    }
    for (pointer, asked, has, unit) in
        [("/hardware/cpu", cpu, machine.cpu, " CPUs"), ("/hardware/memory_gib", memory, machine.memory_gib, " GiB of memory")]
    {
        if has < asked {
            let choices = named(nearest(offer, wished, fits));
            wrong(
                pointer,
                format!("the plan asks for {asked}{unit}, and its machine type {wished} has {has}; ask for less, or take {choices}"),
            );
        }
    }
}

fn family(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

/// Those that fit, the wished family's first, then the smallest.
fn nearest<'a>(offer: &'a Offer, wished: &str, fits: impl Fn(&&OfferedMachine) -> bool) -> Vec<&'a OfferedMachine> {
    let mut all: Vec<_> = offer.machines.iter().filter(fits).collect();
    all.sort_by_key(|machine| (family(&machine.name) != family(wished), machine.memory_gib, machine.cpu, machine.name.as_str()));
    all
}

/// Those whose names begin alike, the longest common beginning first.
fn alike<'a>(wished: &str, offer: &'a Offer) -> Vec<&'a OfferedMachine> {
    let common = |name: &str| name.bytes().zip(wished.bytes()).take_while(|(a, b)| a == b).count();
    let mut all: Vec<_> = offer.machines.iter().collect();
    all.sort_by_key(|machine| (std::cmp::Reverse(common(&machine.name)), machine.memory_gib, machine.cpu, machine.name.as_str()));
    all
}

fn named(machines: Vec<&OfferedMachine>) -> String {
    let names: Vec<_> = machines.iter().take(CHOICES).map(|m| format!("{} ({} CPUs, {} GiB)", m.name, m.cpu, m.memory_gib)).collect();
    if names.is_empty() { "a smaller size: no type has both".to_owned() } else { names.join(", ") }
}

fn largest(offer: &Offer, architecture: Option<Architecture>) -> String {
    let of = offer.machines.iter().filter(|m| m.architecture == architecture.unwrap_or(m.architecture));
    of.max_by_key(|m| (m.memory_gib, m.cpu))
        .map_or_else(String::new, |m| format!("; the largest is {} with {} CPUs and {} GiB", m.name, m.cpu, m.memory_gib))
}
