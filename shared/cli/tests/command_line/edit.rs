use crate::home::{Home, Seen, seen};
use crate::server::{Reply, Request, Server, ok, problem};
use serde_json::{Value, json};
use std::os::unix::fs::PermissionsExt;
use std::sync::{Arc, Mutex};

/// A service with one plan. As in the real one, a PUT needs the version that it changes.
struct Plans {
    server: Server,
    stored: Arc<Mutex<(u64, Value)>>,
}

impl Plans {
    fn start() -> Self {
        let stored = Arc::new(Mutex::new((3, json!({"schema": "cs-json/1", "name": "shop"}))));
        let rows = stored.clone();
        Self { server: Server::start(move |request| answer(&mut rows.lock().unwrap(), request)), stored }
    }
}

fn answer(stored: &mut (u64, Value), request: &Request) -> Reply {
    let view = |row: &(u64, Value)| ok(json!({"id": "plan_1", "version": row.0, "plan": row.1, "deployment_id": null}));
    match (request.method.as_str(), request.header("if-match")) {
        ("GET", _) => view(stored),
        ("PUT", "") => problem(428, "version_missing", "send If-Match"),
        ("PUT", version) if version != format!("\"{}\"", stored.0) => problem(412, "stale", "the plan has another version"),
        ("PUT", _) if request.body["name"] == "" => {
            let errors = json!([{"pointer": "/name", "message": "must not be empty"}]);
            Reply::Json(400, json!({"code": "invalid", "detail": "/name: must not be empty", "errors": errors, "request_id": "r"}))
        }
        ("PUT", _) => {
            *stored = (stored.0 + 1, request.body.clone());
            view(stored)
        }
        _ => problem(404, "not_found", "nothing"),
    }
}

fn edit(home: &Home, editor: &str) -> Seen {
    seen(home.command(&["plan", "edit", "plan_1"]).env("EDITOR", editor))
}

#[test]
fn what_the_editor_leaves_becomes_the_plan() {
    let plans = Plans::start();
    let home = Home::signed_in(&plans.server);
    let seen = edit(&home, "sed -i s/shop/store/");
    assert_eq!(seen.good(), "plan_1 is saved as version 4\n");
    assert_eq!(*plans.stored.lock().unwrap(), (4, json!({"schema": "cs-json/1", "name": "store"})));
    assert_eq!(home.drafts(), Vec::<std::path::PathBuf>::new());
}

#[test]
fn an_unchanged_plan_is_not_sent() {
    let plans = Plans::start();
    let home = Home::signed_in(&plans.server);
    for editor in ["true", "sed -i s/^/\\ /"] {
        assert_eq!(edit(&home, editor).good(), "plan_1 is the same: nothing was sent\n");
    }
    assert_eq!(plans.stored.lock().unwrap().0, 3);
    assert!(home.drafts().is_empty());
}

#[test]
fn a_plan_that_somebody_changed_meanwhile_is_not_overwritten_and_the_text_is_kept() {
    let plans = Plans::start();
    let home = Home::signed_in(&plans.server);
    // Somebody else saves while the editor is open.
    let stored = plans.stored.clone();
    let signal = home.folder.join("open");
    let editor = format!("touch {0}; while [ -e {0} ]; do sleep 0.1; done; sed -i s/shop/mine/", signal.display());
    let other = std::thread::spawn(move || {
        while !signal.exists() {
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        *stored.lock().unwrap() = (4, json!({"schema": "cs-json/1", "name": "theirs"}));
        std::fs::remove_file(&signal).unwrap();
    });
    let seen = edit(&home, &editor);
    other.join().unwrap();
    assert_eq!(seen.code, 2);
    assert!(seen.err.starts_with("cloudsail: somebody changed plan_1 since you opened version 3"), "{}", seen.err);
    assert_eq!(plans.stored.lock().unwrap().1["name"], "theirs");

    let drafts = home.drafts();
    assert!(seen.err.contains(drafts[0].to_str().unwrap()), "it says where the text is: {}", seen.err);
    assert!(std::fs::read_to_string(&drafts[0]).unwrap().contains("\"mine\""));
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&drafts[0]), mode(drafts[0].parent().unwrap())), (0o600, 0o700));

    // What the message says to do next works.
    let seen = home.run(&["plan", "edit", "plan_1", "--file", drafts[0].to_str().unwrap()]);
    assert_eq!(seen.good(), "plan_1 is saved as version 5\n");
}

#[test]
fn text_that_is_refused_or_broken_is_kept() {
    for (editor, said) in [
        ("sed -i s/shop//", "/name: must not be empty"),
        ("sed -i s/}//", "is not JSON"),
        (r#"f() { sed -i s/shop/x/ "$1"; return 1; }; f"#, "ended with"),
    ] {
        let plans = Plans::start();
        let home = Home::signed_in(&plans.server);
        let seen = edit(&home, editor);
        assert_eq!(seen.code, 2, "{}", seen.err);
        assert!(seen.err.contains(said), "{}", seen.err);
        assert!(seen.err.contains(&format!("your text is kept in {}", home.drafts()[0].display())), "{}", seen.err);
        assert_eq!(plans.stored.lock().unwrap().0, 3);
    }
}
