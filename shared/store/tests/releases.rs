//! While a release is rolled out, the functions of the one before meet the new schema.

use std::path::Path;
use testkit::Database;

/// The number of parameters: the largest `$n`.
fn parameters(sql: &str) -> usize {
    let numbers = sql.split('$').skip(1).map(|rest| rest.chars().take_while(char::is_ascii_digit).collect::<String>());
    numbers.filter_map(|number| number.parse().ok()).max().unwrap_or(0)
}

#[tokio::test]
async fn what_earlier_functions_send_still_runs() {
    let database = Database::fresh().await;
    let superuser = database.superuser().await;
    superuser.batch_execute("SET ROLE cloudsail").await.unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("releases");
    let mut tried = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        for sql in text.lines().filter(|line| !line.starts_with("--") && !line.is_empty()) {
            // Planning it as the functions' own role finds what is gone: columns, constraints that an upsert names, grants.
            let nulls = vec!["NULL"; parameters(sql)].join(", ");
            let arguments = if nulls.is_empty() { String::new() } else { format!("({nulls})") };
            let run = format!("PREPARE before AS {sql}; EXPLAIN EXECUTE before{arguments}; DEALLOCATE before");
            superuser.batch_execute(&run).await.unwrap_or_else(|error| panic!("{}: {sql}: {error:?}", path.display()));
            tried += 1;
        }
    }
    assert!(tried > 20, "{tried} statements were tried");
}
