use crate::aws::{Aws, run};
use crate::home::Home;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// What EC2 answered for six types, in two pages.
const TYPES: [&str; 2] = [include_str!("recorded/instance-types-1.xml"), include_str!("recorded/instance-types-2.xml")];

/// EC2 and the Price List API, told apart as AWS does it.
fn healthy() -> Aws {
    Aws::start(|_, head, body| (200, if head.contains("GetProducts") { products(body) } else { types(body) }))
}

fn types(body: &str) -> String {
    assert!(body.starts_with("Action=DescribeInstanceTypes&"), "{body}");
    TYPES[usize::from(body.contains("NextToken=page%2F2%2B%3D"))].to_owned()
}

/// A product as the API answers it: a string of JSON with terms by code.
fn product(attributes: &Value, unit: &str, price: &str) -> Value {
    let dimension = json!({"unit": unit, "beginRange": "0", "endRange": "Inf", "pricePerUnit": {"USD": price}, "appliesTo": []});
    let terms = json!({"OnDemand": {"S.JRTC": {"priceDimensions": {"S.JRTC.6YS6": dimension}, "sku": "S"}}});
    json!(json!({"product": {"attributes": attributes, "sku": "S"}, "serviceCode": "AmazonEC2", "terms": terms}).to_string())
}

fn products(body: &str) -> String {
    let asked: Value = serde_json::from_str(body).unwrap();
    let wants = |field: &str, value: &str| {
        asked["Filters"].as_array().unwrap().iter().any(|filter| filter["Field"] == field && filter["Value"] == value)
    };
    assert!(wants("regionCode", "eu-west-1"), "{body}");
    let machine = |name: &str, price: &str| product(&json!({"instanceType": name}), "Hrs", price);
    let list = match () {
        () if asked["ServiceCode"] == "AmazonS3" => vec![product(&json!({}), "GB-Mo", "0.0230000000")],
        () if wants("volumeApiName", "gp3") => vec![
            product(&json!({}), "GB-Mo", "0.0880000000"),
            product(&json!({}), "IOPS-Mo", "0.0055000000"),
            product(&json!({}), "GiBps-mo", "45.0560000000"),
        ],
        () if asked["NextToken"] == "2" => vec![machine("m7i.large", "0.1070000000"), machine("m4.large", "0.1110000000")],
        // c6in.32xlarge is there at 0, as capacity that is paid for elsewhere: no list price.
        () => vec![machine("m6id.large", "0.1320000000"), machine("c6in.32xlarge", "0.0000000000")],
    };
    let next = (wants("operatingSystem", "Linux") && asked["NextToken"].is_null()).then_some("2");
    json!({"FormatVersion": "aws_v1", "PriceList": list, "NextToken": next}).to_string()
}

/// A layer of its own, complete, so that what was refreshed can be used at once.
fn layer(home: &Home) -> PathBuf {
    let folder = home.folder.join("layer");
    std::fs::create_dir_all(&folder).unwrap();
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../../layers/knowledge")).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, folder.join(path.file_name().unwrap())).unwrap();
    }
    folder
}

fn texts(folder: &Path) -> [String; 2] {
    ["aws-instance-types.json", "aws-prices.json"].map(|name| std::fs::read_to_string(folder.join(name)).unwrap())
}

#[test]
fn a_refresh_reads_types_and_prices_and_they_count_at_once() {
    let aws = healthy();
    let home = Home::at(&aws.url);
    let folder = layer(&home);
    let out = folder.to_str().unwrap();
    let said = run(&home, &aws, &["catalogue", "refresh", "--region", "eu-west-1", "--out", out]).good();
    // m7i.metal-24xl and p3dn.24xlarge are none of the catalogue's; t4g.micro and c6in.32xlarge have no price.
    assert!(
        said.contains("eu-west-1 on 2") && said.contains("4 machine types, 2 of them with a price; unknown: t4g.micro, c6in.32xlarge"),
        "{said}"
    );

    for (head, _) in aws.calls.lock().unwrap().iter() {
        let head = head.to_lowercase();
        assert!(head.contains("credential=akiaexample/") && head.contains("x-amz-security-token: token-1"), "{head}");
        let scope = if head.contains("getproducts") { "/us-east-1/pricing/aws4_request" } else { "/eu-west-1/ec2/aws4_request" };
        assert!(head.contains(scope), "{head}");
    }

    let list = ["--json", "catalogue", "list", "--layer", out, "--region", "eu-west-1", "--cpu", "2", "--memory", "8"];
    let answer: Value = serde_json::from_str(&run(&home, &aws, &list).good()).unwrap();
    let names: Vec<_> = answer["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["m7i.large", "m6id.large", "c6in.32xlarge"], "only what eu-west-1 offers, and the unknown price last");
    assert_eq!((&answer["items"][0]["hourly"], &answer["items"][0]["monthly"]), (&json!("0.107"), &json!("78.11")));
    assert_eq!((&answer["age_days"], &answer["region_borrowed"], &answer["items"][2]["hourly"]), (&json!(0), &json!(null), &json!(null)));
    let fresh = &answer["items"][1];
    assert_eq!(
        (fresh["disk_kb_s"].as_u64(), fresh["disk_iops"].as_u64(), fresh["network_mbit_s"].as_u64()),
        (Some(81_250), Some(3600), Some(781))
    );
    assert_eq!((fresh["local_disks"].as_u64(), fresh["local_disk_gb"].as_u64()), (Some(1), Some(118)));

    let [types, prices] = texts(&folder);
    assert!(prices.contains("\"gp3\":{\"gib_month\":88000,\"iops_month\":5500,\"mib_s_month\":44000}"), "45.056 a GiB/s is 0.044 a MiB/s");
    assert!(types.contains("\"us-east-1\":[\"c5\"") && prices.contains("\"us-east-1\":{"), "other regions stay");
    assert!(
        types.contains("[\"c6in.32xlarge\",128,262144,\"x86_64\",false,200000,200000,"),
        "200 Gbit/s in all, which one card can use alone"
    );
}

#[test]
fn a_folder_that_is_empty_starts_from_what_the_build_knows() {
    let aws = healthy();
    let home = Home::at(&aws.url);
    let folder = home.folder.join("new/catalogue");
    run(&home, &aws, &["catalogue", "refresh", "--region", "eu-west-1", "--out", folder.to_str().unwrap()]).good();
    let [types, prices] = texts(&folder);
    assert!(types.contains("\"r8g.large\"") && prices.contains("\"us-east-1\":{"));
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 2, "nothing half written is left");
}

#[test]
fn a_refresh_that_breaks_off_leaves_the_old_files() {
    let denied = r#"<?xml version="1.0"?><Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>You are not authorized to perform this operation.</Message></Error></Errors></Response>"#;
    let coral =
        r#"{"__type":"com.amazonaws.pricing#AccessDeniedException","Message":"User is not authorized to perform: pricing:GetProducts"}"#;
    type Answers = fn(usize, &str, &str) -> (u16, String);
    let broken: [(Answers, &str, String); 3] = [
        (|_, _, _| (403, String::new()), "ec2 at", "answered 403: ".to_owned()),
        (|n, _, body| if n == 0 { (200, types(body)) } else { (200, "<oops".to_owned()) }, "EC2 answered no XML", String::new()),
        (
            |_, head, body| if head.contains("GetProducts") { (200, r#"{"PriceList":["{"]}"#.to_owned()) } else { (200, types(body)) },
            "answered no JSON",
            String::new(),
        ),
    ];
    for (answers, first, second) in broken {
        let aws = Aws::start(answers);
        let home = Home::at(&aws.url);
        let folder = layer(&home);
        let before = texts(&folder);
        let seen = run(&home, &aws, &["catalogue", "refresh", "--region", "eu-west-1", "--out", folder.to_str().unwrap()]);
        assert!(seen.code == 1 && seen.err.contains(first) && seen.err.contains(&second), "{}: {}", seen.code, seen.err);
        assert!(texts(&folder) == before && !folder.join("aws-prices.json.part").exists());
    }
    for (text, said) in
        [(denied, "UnauthorizedOperation: You are not authorized"), (coral, "AccessDeniedException: User is not authorized")]
    {
        let aws = Aws::start(move |_, _, _| (400, text.to_owned()));
        let home = Home::at(&aws.url);
        let seen = run(&home, &aws, &["catalogue", "refresh", "--region", "eu-west-1", "--out", layer(&home).to_str().unwrap()]);
        assert!(seen.code == 1 && seen.err.contains(said), "{}", seen.err);
    }
}

#[test]
fn a_region_whose_prices_aws_does_not_list_gets_its_types_and_borrows() {
    let aws = Aws::start(|_, head, body| (200, if head.contains("GetProducts") { r#"{"PriceList":[]}"#.to_owned() } else { types(body) }));
    let home = Home::at(&aws.url);
    let folder = layer(&home);
    let out = folder.to_str().unwrap();
    let [_, before] = texts(&folder);
    let said = run(&home, &aws, &["catalogue", "refresh", "--region", "eu-west-1", "--out", out]).good();
    assert!(said.contains("4 machine types, 0 of them with a price\nThe Price List API has none: estimates borrow"), "{said}");
    assert!(texts(&folder)[1] == before, "no region's prices were touched");
    let list = ["--json", "catalogue", "list", "--layer", out, "--region", "eu-west-1", "--cpu", "2", "--memory", "8"];
    let answer: Value = serde_json::from_str(&run(&home, &aws, &list).good()).unwrap();
    assert_eq!(answer["region_borrowed"], "us-east-1");
    assert_eq!(answer["items"][0]["name"], "m7i.large", "what eu-west-1 offers, at the borrowed price");
}

#[test]
fn a_call_that_aws_throttles_is_repeated() {
    let throttled = "<Response><Errors><Error><Code>RequestLimitExceeded</Code><Message>slow down</Message></Error></Errors></Response>";
    let aws = Aws::start(move |count, head, body| match count {
        0 => (503, throttled.to_owned()),
        _ => (200, if head.contains("GetProducts") { products(body) } else { types(body) }),
    });
    let home = Home::at(&aws.url);
    run(&home, &aws, &["catalogue", "refresh", "--region", "eu-west-1", "--out", layer(&home).to_str().unwrap()]).good();
}

#[test]
fn without_credentials_or_with_a_wrong_region_the_remedy_is_named() {
    let aws = healthy();
    let home = Home::at(&aws.url);
    let folder = layer(&home);
    let mut command = home.command(&["catalogue", "refresh", "--out", folder.to_str().unwrap()]);
    for name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"] {
        command.env_remove(name);
    }
    let seen = crate::home::seen(command.env("PATH", &home.folder));
    assert!(seen.code == 2 && seen.err.contains("AWS_ACCESS_KEY_ID") && seen.err.contains("pricing:GetProducts"), "{}", seen.err);
    let seen = run(&home, &aws, &["catalogue", "refresh", "--region", "../x", "--out", folder.to_str().unwrap()]);
    assert!(seen.code == 2 && seen.err.contains("is no region"), "{}", seen.err);
    assert!(aws.calls.lock().unwrap().is_empty());
}

#[test]
fn a_list_shows_what_fits_with_its_price_and_age() {
    let aws = healthy();
    let home = Home::at(&aws.url);
    let table = run(&home, &aws, &["catalogue", "list", "--cpu", "2", "--memory", "8", "--region", "ca-central-1", "--limit", "2"]).good();
    let lines: Vec<_> = table.lines().collect();
    assert_eq!(lines[0], "TYPE       VCPU  GIB  ARCH    IOPS  MIB/S  HOUR    MONTH");
    assert_eq!(lines[1], "m5a.large  2     8    x86_64  3600  77     0.086   62.78");
    assert!(lines[2].starts_with("m6a.large") && table.contains("us-east-1's, as ca-central-1's are unknown, of 2026-07-20: "), "{table}");

    let azure = run(&home, &aws, &["catalogue", "ls", "--provider", "azure", "--memory", "8", "--cpu", "2", "--limit", "1"]).good();
    assert!(azure.contains("Standard_D2as_v6") && azure.contains("unknown") && azure.contains("Prices are unknown"), "{azure}");
    let arm = run(&home, &aws, &["catalogue", "list", "--architecture", "arm64", "--limit", "1"]).good();
    assert!(arm.contains("t4g.micro"), "{arm}");
    let none = run(&home, &aws, &["catalogue", "list", "--cpu", "5000"]);
    assert!(none.code == 2 && none.err.contains("cpu at most") && none.err.contains("nearest: "), "{}", none.err);
    assert!(aws.calls.lock().unwrap().is_empty(), "a list needs nobody");
}
