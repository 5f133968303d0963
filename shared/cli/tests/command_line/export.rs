use crate::home::{Home, Seen, seen};
use crate::server::{Server, ok, problem};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A person in an empty folder with a plan beside it.
struct Person {
    home: Home,
    here: PathBuf,
}

impl Person {
    fn with(plan: &Value) -> Self {
        let home = Home::at("");
        let here = home.folder.join("here");
        std::fs::create_dir(&here).unwrap();
        std::fs::write(home.folder.join("plan.json"), plan.to_string()).unwrap();
        Self { home, here }
    }

    fn export(&self, more: &[&str]) -> Seen {
        let arguments = [&["export", "--to", "terraform", "../plan.json"], more].concat();
        seen(self.home.command(&arguments).current_dir(&self.here))
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<_> = std::fs::read_dir(&self.here).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

fn plan(name: &str) -> Value {
    json!({"schema":"cs-json/1","name":name,"cloud":{"region":"ca-central-1"},"components":[{"kind":"postgres",
        "db":{"version":"17","name":"shop"},"network":{"allow":["203.0.113.0/24"]}}]})
}

fn files(folder: &Path) -> BTreeMap<String, String> {
    let file = |entry: std::io::Result<std::fs::DirEntry>| {
        let path = entry.unwrap().path();
        (path.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read_to_string(path).unwrap())
    };
    std::fs::read_dir(folder).unwrap().map(file).collect()
}

#[test]
fn the_folder_is_named_after_the_plan_and_is_the_same_each_time() {
    let person = Person::with(&plan("Web shop/../2"));
    let said = person.export(&[]).good();
    assert!(said.starts_with("web-shop-2-terraform ") && said.contains("terraform init"), "{said}");
    assert_eq!(person.names(), ["web-shop-2-terraform"]);
    let first = files(&person.here.join("web-shop-2-terraform"));
    assert!(first.contains_key("boot.sh") && first["providers.tf"].contains("\"ca-central-1\""));

    let answer = person.export(&["--out", "deep/er", "--json"]).good();
    assert_eq!(serde_json::from_str::<Value>(&answer).unwrap()["files"].as_array().unwrap().len(), first.len());
    assert_eq!(files(&person.here.join("deep/er")), first);
    assert_eq!(person.names(), ["deep", "web-shop-2-terraform"], "nothing else is left behind");
}

#[test]
fn the_region_that_is_typed_wins() {
    let person = Person::with(&plan("shop"));
    person.export(&["--region", "eu-west-3"]).good();
    let files = files(&person.here.join("shop-terraform"));
    assert!(files["providers.tf"].contains("\"eu-west-3\"") && files["boot.sh"].contains("REGION='eu-west-3'"));
}

#[test]
fn a_folder_that_holds_something_is_left_alone_unless_it_is_meant() {
    let person = Person::with(&plan("shop"));
    let mine = person.here.join("mine");
    std::fs::create_dir(&mine).unwrap();
    person.export(&["--out", "mine"]).good();
    let exported = files(&mine);
    std::fs::write(mine.join("main.tf"), "# mine").unwrap();
    std::fs::write(mine.join("terraform.tfstate"), "{}").unwrap();
    let before = files(&mine);

    let seen = person.export(&["--out", "mine"]);
    assert_eq!((seen.code, files(&mine) == before), (2, true), "{}", seen.err);
    assert!(seen.err.contains("mine") && seen.err.contains("--out") && seen.err.contains("--force"), "{}", seen.err);

    person.export(&["--out", "mine", "--force"]).good();
    let after = files(&mine);
    assert!(exported.iter().all(|(name, text)| after[name] == *text) && after["terraform.tfstate"] == "{}");
    assert_eq!(person.names(), ["mine"], "nothing else is left behind");
}

#[test]
fn a_plan_that_is_wrong_makes_no_folder() {
    let mut wrong = plan("shop");
    wrong["components"][0]["db"]["version"] = json!("9");
    wrong["components"][0]["hardware"] = json!({"cpu": 1000, "memory_gib": 4});
    let person = Person::with(&wrong);
    let seen = person.export(&[]);
    assert_eq!((seen.code, person.names().len()), (2, 0), "{}", seen.err);
    assert!(["  /components/0/db/version: ", "  /components/0/hardware/cpu: "].iter().all(|line| seen.err.contains(line)), "{}", seen.err);

    let seen = person.home.run(&["export", "--to", "terraform"]);
    assert!(seen.code == 2 && seen.err.contains("PLAN.json"), "{}", seen.err);
}

#[test]
fn a_saved_plan_is_exported_by_the_api() {
    let id = "plan_0190a8e5f9a47c0c8f0d0c9d4b2e6a11";
    let answer = |folder: &str, path: &str| json!({"folder": folder, "files": [{"path": path, "content": "# by the API\n"}]});
    let server = Server::start(move |request| match request.path.as_str() {
        "/v1/plan/plan_0190a8e5f9a47c0c8f0d0c9d4b2e6a11/export?to=terraform" => ok(answer("shop-terraform", "main.tf")),
        "/v1/plan/plan_0190a8e5f9a47c0c8f0d0c9d4b2e6a12/export?to=terraform" => ok(answer("shop", "../main.tf")),
        "/v1/plan/plan_0190a8e5f9a47c0c8f0d0c9d4b2e6a13/export?to=terraform" => ok(answer("/", "main.tf")),
        _ => problem(404, "not_found", "there is nothing here, or it is not yours"),
    });
    let home = Home::signed_in(&server);
    let here = home.folder.join("here");
    std::fs::create_dir(&here).unwrap();
    let export = |id: &str, more: &[&str]| seen(home.command(&[&["export", "--to", "terraform", id], more].concat()).current_dir(&here));
    assert!(export(id, &[]).good().starts_with("shop-terraform holds 1 files"));
    assert_eq!(files(&here.join("shop-terraform")), BTreeMap::from([("main.tf".to_owned(), "# by the API\n".to_owned())]));

    let seen = export(id, &["--out", "again", "--region", "eu-west-3"]);
    assert!(seen.code == 2 && seen.err.contains("region"), "{}", seen.err);
    let nobodys = export("plan_0190a8e5f9a47c0c8f0d0c9d4b2e6a14", &[]);
    assert!(nobodys.code == 4 && nobodys.err.contains("cloudsail plan list"), "{}", nobodys.err);
    for elsewhere in ["plan_0190a8e5f9a47c0c8f0d0c9d4b2e6a12", "plan_0190a8e5f9a47c0c8f0d0c9d4b2e6a13"] {
        let seen = export(elsewhere, &[]);
        assert!(seen.code == 1 && seen.err.contains("no file's name"), "{}", seen.err);
    }
    assert_eq!(std::fs::read_dir(&here).unwrap().count(), 1, "nothing else is made");
    assert!(!home.folder.join("main.tf").exists());

    let nowhere = Home::at("").run(&["export", "--to", "terraform", id]);
    assert!(nowhere.code == 2 && nowhere.err.contains("API_URL"), "{}", nowhere.err);
}

#[test]
fn a_place_that_cannot_be_written_is_named() {
    let person = Person::with(&plan("shop"));
    std::fs::write(person.here.join("file"), "text").unwrap();
    for out in ["file", "file/below"] {
        let seen = person.export(&["--out", out]);
        assert!(seen.code == 1 && seen.err.contains(out), "{out}: {} {}", seen.code, seen.err);
    }
    assert_eq!(person.names(), ["file"]);
}
