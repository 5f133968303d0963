use serde::Serialize;
use store::{Finding, Reconciliation};
use utoipa::ToSchema;

/// What the last look through an account found: strays are there and not in the ledger, or of a deployment that was destroyed; ghosts
/// are in the ledger and not there.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Strays {
    /// How many strays there are; null before the first look.
    pub count: Option<u32>,
    /// What they cost in a month together, by list prices and as far as that is known: a decimal.
    pub monthly_cost: Option<String>,
    /// For example `USD`.
    pub currency: Option<String>,
    /// When the account was last looked through.
    #[schema(format = DateTime)]
    pub checked_at: Option<String>,
    /// Why the last look failed, or what it could not look at. What was found before stands until one succeeds.
    pub problem: Option<String>,
    /// The strays, at most 100.
    pub items: Vec<Stray>,
    /// The ghosts, at most 100.
    pub ghosts: Vec<Stray>,
    /// The strays that the last look removed, at most 100.
    pub removed: Vec<Stray>,
}

/// A stray or a ghost.
#[derive(Debug, Serialize, ToSchema)]
pub struct Stray {
    /// `instance`, `volume`, `security group`, `secret`, `role` or `instance profile`.
    pub kind: String,
    /// AWS's id.
    pub id: String,
    /// What it is called there.
    pub name: String,
    /// What its tag or its name says it belongs to.
    pub deployment_id: Option<String>,
    /// Null for roles and instance profiles, which belong to no region.
    pub region: Option<String>,
    /// When it was made; null where AWS's list does not say it.
    #[schema(format = DateTime)]
    pub created_at: Option<String>,
    /// How old it was when the account was looked through, in seconds.
    pub age_s: Option<i64>,
    /// By list prices, a decimal; null where it is unknown. A volume of another type than gp3 is counted as gp3.
    pub monthly_cost: Option<String>,
    /// Why it is one, and what to do.
    pub why: String,
}

impl From<Option<&Reconciliation>> for Strays {
    fn from(found: Option<&Reconciliation>) -> Self {
        let Some(found) = found else { return Self::default() };
        let all = |findings: &[Finding]| findings.iter().map(|finding| Stray::of(finding, found)).collect();
        Self {
            count: found.checked_at.map(|_| found.count),
            monthly_cost: found.checked_at.map(|_| found.monthly_cost.clone()),
            currency: Some(found.currency.clone()),
            checked_at: found.checked_at.map(|at| at.to_string()),
            problem: found.problem.clone(),
            items: all(&found.strays),
            ghosts: all(&found.ghosts),
            removed: all(&found.removed),
        }
    }
}

impl Stray {
    fn of(finding: &Finding, found: &Reconciliation) -> Self {
        let age = found.checked_at.zip(finding.created_at).map(|(now, then)| now.duration_since(then).as_secs());
        let Finding { kind, id, name, deployment, region, created_at, monthly_cost, why } = finding.clone();
        let created_at = created_at.map(|at| at.to_string());
        Self { kind, id, name, deployment_id: deployment, region, created_at, age_s: age, monthly_cost, why }
    }
}
