//! Machine types from EC2's DescribeInstanceTypes.

use crate::aws::{Aws, Endpoint};
use crate::failure::Failure;
use domain::plan::Architecture;
use knowledge::Machine;
use roxmltree::{Document, Node};

/// General purpose, memory and compute; a family of these letters counts from this generation on, the first on Nitro.
const LETTERS: [char; 3] = ['m', 'r', 'c'];
const FIRST_GENERATION: u32 = 5;
const BURSTABLE: [&str; 3] = ["t3", "t3a", "t4g"];

/// All types of the catalogue's families that the region offers.
pub fn types(aws: &Aws, region: &str) -> Result<Vec<Machine>, Failure> {
    let endpoint = Endpoint { service: "ec2", region: region.to_owned(), url: format!("https://ec2.{region}.amazonaws.com/") };
    let mut found = Vec::new();
    let mut token: Option<String> = None;
    loop {
        let next = token.as_ref().map_or_else(String::new, |token| format!("&NextToken={}", escape(token)));
        let body = format!("Action=DescribeInstanceTypes&Version=2016-11-15&MaxResults=100{next}");
        let text = aws.post(&endpoint, &[("content-type", "application/x-www-form-urlencoded")], &body)?;
        let document = Document::parse(&text).map_err(|error| Failure::service(format!("EC2 answered no XML: {error}")))?;
        let root = document.root_element();
        let items = child(root, "instanceTypeSet").into_iter().flat_map(|set| set.children().filter(Node::is_element));
        for item in items.filter(|item| text_of(*item, &["instanceType"]).is_some_and(wanted)) {
            found.push(machine(item)?);
        }
        token = text_of(root, &["nextToken"]).filter(|token| !token.is_empty()).map(str::to_owned);
        if token.is_none() {
            break;
        }
    }
    if found.is_empty() { Err(Failure::service(format!("EC2 lists no type of the catalogue's families in {region}"))) } else { Ok(found) }
}

/// Whether the catalogue takes a type. Whole machines (`metal`) cost too much for one database.
fn wanted(name: &str) -> bool {
    let Some((family, size)) = name.split_once('.') else { return false };
    let generation = || family.get(1..)?.split(|c: char| !c.is_ascii_digit()).next()?.parse::<u32>().ok();
    let current = family.starts_with(LETTERS) && generation().is_some_and(|generation| generation >= FIRST_GENERATION);
    !size.starts_with("metal") && (current || BURSTABLE.contains(&family))
}

fn machine(item: Node<'_, '_>) -> Result<Machine, Failure> {
    let name = text_of(item, &["instanceType"]).unwrap_or_default().to_owned();
    let missing = |field: &str| Failure::service(format!("EC2 says nothing of {field} for {name}"));
    let number = |path: &[&str]| text_of(item, path).and_then(|text| text.parse::<u32>().ok());
    let architectures = descend(item, &["processorInfo", "supportedArchitectures"]);
    let architecture = architectures.into_iter().flat_map(|list| list.children()).find_map(|one| match one.text() {
        Some("x86_64") => Some(Architecture::X86_64),
        Some("arm64") => Some(Architecture::Arm64),
        _ => None,
    });
    let disk = |field: &str| text_of(item, &["ebsInfo", "ebsOptimizedInfo", field]);
    let kilobytes = |field| disk(field).and_then(thousandths);
    let network = |field: &str| {
        let cards = descend(item, &["networkInfo", "networkCards"])?;
        let each = cards.children().filter(Node::is_element).map(|card| text_of(card, &[field]).and_then(thousandths));
        let sum = each.sum::<Option<u32>>().filter(|sum| *sum > 0)?;
        // Of all cards together at most what the type has as a whole: on some, one card can use all of it.
        let whole = text_of(item, &["networkInfo", "networkPerformance"]).and_then(gigabits);
        Some(whole.map_or(sum, |whole| sum.min(whole)))
    };
    let local = descend(item, &["instanceStorageInfo", "disks", "item"]);
    let of_local = |field: &str| local.and_then(|disk| text_of(disk, &[field])?.parse().ok()).unwrap_or(0);
    Ok(Machine {
        cpu: number(&["vCpuInfo", "defaultVCpus"]).ok_or_else(|| missing("vCpuInfo"))?,
        memory_mib: number(&["memoryInfo", "sizeInMiB"]).ok_or_else(|| missing("memoryInfo"))?,
        architecture: architecture.ok_or_else(|| missing("supportedArchitectures"))?,
        burstable: text_of(item, &["burstablePerformanceSupported"]) == Some("true"),
        network_mbit_s: network("baselineBandwidthInGbps"),
        network_peak_mbit_s: network("peakBandwidthInGbps"),
        disk_kb_s: kilobytes("baselineThroughputInMBps"),
        disk_peak_kb_s: kilobytes("maximumThroughputInMBps"),
        disk_iops: disk("baselineIops").and_then(|text| text.parse().ok()),
        disk_peak_iops: disk("maximumIops").and_then(|text| text.parse().ok()),
        local_disks: of_local("count"),
        local_disk_gb: of_local("sizeInGB"),
        name,
    })
}

/// A decimal in thousandths of its unit: 81.25 MB/s is 81250 kB/s, and 12.5 Gbit/s is 12500 Mbit/s.
fn thousandths(text: &str) -> Option<u32> {
    let millionths = knowledge::Money::parse(text)?.as_micro();
    u32::try_from(millionths.div_ceil(1000)).ok()
}

/// `Up to 12.5 Gigabit` in Mbit/s.
fn gigabits(text: &str) -> Option<u32> {
    thousandths(text.strip_suffix(" Gigabit")?.trim_start_matches("Up to "))
}

fn child<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    node.children().find(|child| child.tag_name().name() == name)
}

fn descend<'a, 'i>(node: Node<'a, 'i>, path: &[&str]) -> Option<Node<'a, 'i>> {
    path.iter().try_fold(node, |node, name| child(node, name))
}

fn text_of<'a>(node: Node<'a, '_>, path: &[&str]) -> Option<&'a str> {
    descend(node, path)?.text().map(str::trim)
}

/// Percent-encoding of a form's value.
fn escape(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { (byte as char).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_takes_current_families_and_no_whole_machines() {
        for name in ["m5.large", "r8gd.48xlarge", "c7i-flex.xlarge", "t4g.nano", "m10g.large"] {
            assert!(wanted(name), "{name}");
        }
        for name in
            ["m4.large", "t2.micro", "t1.micro", "c7i.metal-24xl", "p5.48xlarge", "mac2.metal", "x8g.large", "hpc7a.96xlarge", "m", "mö.x"]
        {
            assert!(!wanted(name), "{name}");
        }
    }

    #[test]
    fn decimals_become_whole_thousandths() {
        assert_eq!(["81.25", "12.5", "0.064", "1250"].map(thousandths), [Some(81_250), Some(12_500), Some(64), Some(1_250_000)]);
        assert_eq!(thousandths("Low to Moderate"), None);
        assert_eq!(["Up to 12.5 Gigabit", "200 Gigabit", "Moderate"].map(gigabits), [Some(12_500), Some(200_000), None]);
    }
}
