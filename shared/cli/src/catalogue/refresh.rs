//! Reading a region's machine types and prices from AWS into the layer's files.

use super::{ec2, prices, today};
use crate::aws::Aws;
use crate::failure::Failure;
use crate::out::Out;
use knowledge::{Knowledge, MachineFile, PriceFile};
use serde_json::json;
use std::collections::BTreeMap;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

const TYPES: &str = "aws-instance-types.json";
const PRICES: &str = "aws-prices.json";

/// Reads the region anew into the two files of a folder. Other regions stay as the folder has them, else as this build does.
/// Nothing is written before all was read and understood, and each file is replaced whole.
pub fn refresh(out: &Out, region: &str, folder: &Path) -> Result<(), Failure> {
    if !region.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') || region.is_empty() {
        return Err(Failure::usage(format!("`{region}` is no region: see `aws ec2 describe-regions`, for example ca-central-1")));
    }
    let wrong = |error: knowledge::Error| Failure::usage(format!("{}: {error}", folder.display()));
    let built_in = &Knowledge::built_in().catalogue;
    let mut types = match read(&folder.join(TYPES))? {
        Some(text) => MachineFile::parse(TYPES, &text).map_err(wrong)?,
        None => built_in.aws().file().clone(),
    };
    let mut tariffs = match read(&folder.join(PRICES))? {
        Some(text) => PriceFile::parse(PRICES, &text).map_err(wrong)?,
        None => built_in
            .aws()
            .prices()
            .cloned()
            .unwrap_or_else(|| PriceFile { currency: prices::CURRENCY.to_owned(), regions: BTreeMap::new() }),
    };
    let (aws, date) = (Aws::from_environment("ec2:DescribeInstanceTypes and pricing:GetProducts")?, today());
    let offered = ec2::types(&aws, region)?;
    let mut priced = prices::prices(&aws, region, date)?;
    if let Some(priced) = &mut priced {
        priced.instance_hour.retain(|name, _| offered.iter().any(|machine| machine.name == *name));
    }
    let has_price = |name: &String| priced.as_ref().is_some_and(|priced| priced.instance_hour.contains_key(name));
    let unpriced: Vec<String> = offered.iter().map(|machine| machine.name.clone()).filter(|name| !has_price(name)).collect();
    let (count, known) = (offered.len(), priced.as_ref().map_or(0, |priced| priced.instance_hour.len()));
    let disk = priced.as_ref().is_some_and(|priced| priced.gp3.is_some());
    let note = match &priced {
        None if tariffs.regions.contains_key(region) => {
            "\nThe Price List API has none: the prices that the file had stay, with their date."
        }
        None => "\nThe Price List API has none: estimates borrow another region's prices, and say so.",
        Some(_) if !disk => "\nNo prices of gp3 were found: disks will be estimated as unknown.",
        Some(_) => "",
    };

    types.update(region, offered);
    types.date = date;
    types.source = format!("EC2 DescribeInstanceTypes, last of {region}");
    let gap = if unpriced.is_empty() || priced.is_none() { String::new() } else { format!("; unknown: {}", unpriced.join(", ")) };
    if let Some(priced) = priced {
        tariffs.regions.insert(region.to_owned(), priced);
    }
    let (types, tariffs) = (types.to_text(), tariffs.to_text());
    // A file that the functions would refuse must not replace one that they take.
    let unusable = |error: knowledge::Error| Failure::service(format!("what AWS answered makes no catalogue: {error}"));
    MachineFile::parse(TYPES, &types).map_err(unusable)?;
    PriceFile::parse(PRICES, &tariffs).map_err(unusable)?;
    replace(folder, &[(TYPES, &types), (PRICES, &tariffs)])?;

    let answer = json!({"region": region, "date": date, "types": count, "prices": known, "unpriced": unpriced, "disk_prices": disk,
        "files": [folder.join(TYPES), folder.join(PRICES)]});
    out.show(&answer, || {
        format!(
            "{region} on {date}: {count} machine types, {known} of them with a price{gap}{note}\nWritten: {TYPES} and {PRICES} in {}",
            folder.display()
        )
    })
}

/// A file's text; none if it isn't there.
fn read(path: &Path) -> Result<Option<String>, Failure> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::usage(format!("{}: {error}", path.display()))),
    }
}

/// All are written beside the old ones before the first of those is replaced.
fn replace(folder: &Path, files: &[(&str, &str)]) -> Result<(), Failure> {
    let wrong = |path: &Path, error: std::io::Error| Failure::usage(format!("{}: {error}", path.display()));
    std::fs::create_dir_all(folder).map_err(|error| wrong(folder, error))?;
    let part = |name: &str| -> PathBuf { folder.join(format!("{name}.part")) };
    for (name, text) in files {
        let path = part(name);
        let mut file = std::fs::File::create(&path).map_err(|error| wrong(&path, error))?;
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(|error| wrong(&path, error))?;
    }
    for (name, _) in files {
        let path = folder.join(name);
        std::fs::rename(part(name), &path).map_err(|error| wrong(&path, error))?;
    }
    Ok(())
}
