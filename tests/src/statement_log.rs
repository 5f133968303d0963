//! The statement log of the local cloud's PostgreSQL (`log_line_prefix = '%m [%p] %u@%d %a '`), with each statement's parameters.

use std::collections::HashMap;

/// A statement, or its parameters.
#[derive(Debug, PartialEq, Eq)]
pub struct Logged {
    /// Which statement it belongs to: `INSERT INTO account`, which has a secret among its parameters on purpose, or `statement`.
    pub place: String,
    /// As it was logged, from the application's name on.
    pub text: String,
}

/// What was logged of one database.
#[must_use]
pub fn of_database(log: &str, database: &str) -> Vec<Logged> {
    let mut entries: Vec<String> = Vec::new();
    for line in log.lines() {
        match entries.last_mut().filter(|_| line.starts_with('\t')) {
            Some(entry) => *entry += &format!("\n{line}"),
            None => entries.push(line.to_owned()),
        }
    }
    // The parameters are an entry of their own, which follows its statement's; other connections' may stand between.
    let mut last: HashMap<String, String> = HashMap::new();
    let mark = format!("@{database} ");
    let ours = entries.iter().filter_map(|entry| entry.split_once(&mark));
    // Without the time and the process, the same statement is the same text.
    ours.map(|(prefix, text)| {
        let process = prefix.split(['[', ']']).nth(1).unwrap_or_default().to_owned();
        if !text.contains(" DETAIL:  ") {
            let links = text.contains("INSERT INTO account (");
            last.insert(process.clone(), if links { "INSERT INTO account" } else { "statement" }.to_owned());
        }
        Logged { place: last.get(&process).cloned().unwrap_or_else(|| "statement".to_owned()), text: text.to_owned() }
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::of_database;

    const LOG: &str = "\
2026-11-21 21:38:31.610 UTC [11] cloudsail@cloudsail [unknown] LOG:  execute <unnamed>: WITH made AS (INSERT INTO account (owner, id)
\t                VALUES ($1, $4)) SELECT * FROM made
2026-11-21 21:38:31.611 UTC [12] cloudsail@cloudsail [unknown] LOG:  execute <unnamed>: UPDATE strand SET stack = $1
2026-11-21 21:38:31.612 UTC [11] cloudsail@cloudsail [unknown] DETAIL:  parameters: $1 = 'me', $4 = 'two
\tlines'
2026-11-21 21:38:31.613 UTC [12] cloudsail@cloudsail [unknown] DETAIL:  parameters: $1 = '{}'
2026-11-21 21:38:31.614 UTC [13] cloudsail@test_1 [unknown] LOG:  statement: DISCARD ALL
2026-11-21 21:38:31.615 UTC [11] cloudsail@cloudsail [unknown] LOG:  statement: DISCARD ALL
";

    #[test]
    fn parameters_belong_to_the_statement_of_their_connection() {
        let found: Vec<_> = of_database(LOG, "cloudsail").into_iter().map(|logged| logged.place).collect();
        assert_eq!(found, ["INSERT INTO account", "statement", "INSERT INTO account", "statement", "statement"]);
        let texts: Vec<_> = of_database(LOG, "cloudsail").into_iter().map(|logged| logged.text).collect();
        assert!(texts[0].ends_with("SELECT * FROM made") && texts[2].ends_with("\tlines'"), "{texts:?}");
        assert_eq!(texts[4], "[unknown] LOG:  statement: DISCARD ALL", "the other database's is not there");
    }
}
