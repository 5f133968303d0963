//! List prices from AWS's Price List API, GetProducts.

use crate::aws::{Aws, Endpoint};
use crate::failure::Failure;
use jiff::civil::Date;
use knowledge::{Gp3Prices, Money, RegionPrices};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The API answers in three regions, with all regions' prices in each.
const REGION: &str = "us-east-1";
/// Of every price that is read.
pub const CURRENCY: &str = "USD";

/// A region's list prices; none where the API has no machine type's. What else it doesn't have stays unknown.
pub fn prices(aws: &Aws, region: &str, date: Date) -> Result<Option<RegionPrices>, Failure> {
    let machines = [
        ("productFamily", "Compute Instance"),
        ("operatingSystem", "Linux"),
        ("tenancy", "Shared"),
        ("preInstalledSw", "NA"),
        ("capacitystatus", "Used"),
        ("licenseModel", "No License required"),
        ("marketoption", "OnDemand"),
    ];
    let mut hours: BTreeMap<String, Option<Money>> = BTreeMap::new();
    for product in products(aws, "AmazonEC2", region, &machines)? {
        let Some(name) = product["product"]["attributes"]["instanceType"].as_str() else { continue };
        let hour = price(&product).filter(|(unit, _)| unit == "Hrs").map(|(_, hour)| hour);
        // Two different prices of one type can't both be the one that counts: unknown.
        let known = hours.entry(name.to_owned()).or_insert(hour);
        if *known != hour {
            *known = None;
        }
    }
    let instance_hour: BTreeMap<String, Money> = hours.into_iter().filter_map(|(name, hour)| Some((name, hour?))).collect();
    if instance_hour.is_empty() {
        return Ok(None);
    }
    let volumes = products(aws, "AmazonEC2", region, &[("volumeApiName", "gp3")])?;
    let storage = products(aws, "AmazonS3", region, &[("storageClass", "General Purpose"), ("volumeType", "Standard")])?;
    let source = "AWS Price List API, GetProducts: on demand, Linux, shared tenancy; gp3; S3 Standard, first tier".to_owned();
    Ok(Some(RegionPrices { date, source, gp3: gp3(&volumes), backup_gib_month: of_unit(&storage, "GB-Mo"), instance_hour }))
}

fn gp3(products: &[Value]) -> Option<Gp3Prices> {
    // AWS's price of throughput is of a GiB/s.
    let mib_s = of_unit(products, "MiBps-Mo").or_else(|| of_unit(products, "GiBps-mo").map(|price| Money::micro(price.as_micro() / 1024)));
    Some(Gp3Prices { gib_month: of_unit(products, "GB-Mo")?, iops_month: of_unit(products, "IOPS-Mo")?, mib_s_month: mib_s? })
}

/// The price of the first product in that unit.
fn of_unit(products: &[Value], unit: &str) -> Option<Money> {
    products.iter().filter_map(price).find(|(of, _)| of.eq_ignore_ascii_case(unit)).map(|(_, price)| price)
}

/// The unit and the price of a product on demand, of its first tier. A price of 0 is a promotion or a reservation's, not a list price.
fn price(product: &Value) -> Option<(String, Money)> {
    let terms = product["terms"]["OnDemand"].as_object()?.values();
    let dimensions = terms.filter_map(|term| term["priceDimensions"].as_object()).flat_map(|all| all.values());
    let first = dimensions.filter(|one| matches!(one["beginRange"].as_str(), None | Some("0")));
    let priced = first.filter_map(|one| Some((one["unit"].as_str()?.to_owned(), Money::parse(one["pricePerUnit"][CURRENCY].as_str()?)?)));
    priced.into_iter().find(|(_, price)| *price != Money::default())
}

/// All products of a service in a region, page by page.
fn products(aws: &Aws, service: &str, region: &str, facts: &[(&str, &str)]) -> Result<Vec<Value>, Failure> {
    let endpoint = Endpoint { service: "pricing", region: REGION.to_owned(), url: format!("https://api.pricing.{REGION}.amazonaws.com/") };
    let headers = [("content-type", "application/x-amz-json-1.1"), ("x-amz-target", "AWSPriceListService.GetProducts")];
    let facts = facts.iter().copied().chain([("regionCode", region)]);
    let filters: Vec<Value> = facts.map(|(field, value)| json!({"Type": "TERM_MATCH", "Field": field, "Value": value})).collect();
    let mut found = Vec::new();
    let mut asked = json!({"ServiceCode": service, "FormatVersion": "aws_v1", "MaxResults": 100, "Filters": filters});
    loop {
        let text = aws.post(&endpoint, &headers, &asked.to_string())?;
        let broken = |error: serde_json::Error| Failure::service(format!("the Price List API answered no JSON: {error}"));
        let mut answer: Value = serde_json::from_str(&text).map_err(broken)?;
        for product in answer["PriceList"].as_array().into_iter().flatten() {
            // Each product is a string of JSON in the JSON.
            found.push(serde_json::from_str(product.as_str().unwrap_or_default()).map_err(broken)?);
        }
        match answer["NextToken"].take() {
            Value::String(token) if !token.is_empty() => asked["NextToken"] = json!(token),
            _ => return Ok(found),
        }
    }
}
