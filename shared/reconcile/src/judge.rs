//! What is a stray and what is a ghost. Nothing is asked or changed here.

use clouds::{Found, FoundKind, NAME_PREFIX, SECRET_PREFIX};
use domain::{DeploymentId, Status};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::time::Duration;
use store::{Known, Resource};

/// Something that the account lists.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub found: Found,
    /// `None` for roles and profiles.
    pub region: Option<String>,
}

/// Something that the account holds and should not.
#[derive(Debug)]
pub(crate) struct Stray {
    pub seen: Seen,
    pub deployment: Option<String>,
    pub why: String,
    /// It may be removed, as this deployment is gone.
    pub remove: Option<DeploymentId>,
}

/// A line of the ledger that nothing in the account stands for.
#[derive(Debug)]
pub(crate) struct Ghost {
    pub deployment: DeploymentId,
    pub region: Option<String>,
    pub line: Resource,
    pub why: String,
    /// The line can be closed: the deployment is gone, and so is this.
    pub settle: bool,
}

/// Both, from what was listed and what is known.
pub(crate) struct Book<'a> {
    pub seen: &'a [Seen],
    pub known: &'a [Known],
    /// The regions that were listed.
    pub regions: &'a [String],
    pub now: Timestamp,
    /// What is younger is not judged.
    pub grace: Duration,
}

/// The id that the tag or the name of something says it belongs to: a whole one, or the end of one.
pub(crate) enum Claim {
    Whole(String),
    End(String),
    None,
}

pub(crate) fn claim(found: &Found) -> Claim {
    if let Some(tag) = &found.deployment {
        return Claim::Whole(tag.clone());
    }
    if let Some(rest) = found.name.strip_prefix(SECRET_PREFIX) {
        return Claim::Whole(rest.split('/').next().unwrap_or_default().to_owned());
    }
    found.name.strip_prefix(NAME_PREFIX).map_or(Claim::None, |end| Claim::End(end.to_owned()))
}

impl Book<'_> {
    pub(crate) fn strays(&self) -> Vec<Stray> {
        self.seen.iter().filter_map(|seen| self.stray(seen)).collect()
    }

    fn stray(&self, seen: &Seen) -> Option<Stray> {
        let found = &seen.found;
        if found.going() || self.young(found.created_at) {
            return None;
        }
        let stray = |deployment: Option<String>, why: String| Stray { seen: seen.clone(), deployment, why, remove: None };
        let candidates = self.candidates(found);
        let Some(known) = candidates.first() else { return self.unknown(found, stray) };
        // Two ids with one end: the name alone does not say whose it is, so that the one that lives counts.
        let known = candidates.iter().find(|known| !known.mine || known.destroyed_at.is_none()).unwrap_or(known);
        if !known.mine || changing(known) || self.kept(found, known) {
            return None;
        }
        let id = known.id.to_string();
        if let Some(until) = retained(found, known) {
            let why = format!("it was kept until {until}; delete it in your account if its data is not needed any more");
            return Some(stray(Some(id), why));
        }
        match known.destroyed_at {
            Some(destroyed) if self.young(Some(destroyed)) => None,
            Some(_) if removable(found) => {
                let why = format!("{id} was destroyed, and this was left behind; the next look removes it");
                Some(Stray { remove: Some(known.id.clone()), ..stray(Some(id), why) })
            }
            Some(_) => Some(stray(
                Some(id.clone()),
                format!("{id} was destroyed, and this has its name without its tag; delete it in your account if it is not yours"),
            )),
            None if self.covered(found, known) => None,
            None => Some(stray(
                Some(id.clone()),
                format!("{id} has another one, and its ledger does not know this one; delete it in your account if you did not make it"),
            )),
        }
    }

    fn unknown(&self, found: &Found, stray: impl Fn(Option<String>, String) -> Stray) -> Option<Stray> {
        let kept = found.retained_until.as_deref().is_some_and(|until| !until.parse().is_ok_and(|until| self.passed(until)));
        let why =
            "no deployment here is known by its tag or name; another installation may have made it. Delete it in your account if none did";
        (!kept).then(|| stray(found.deployment.clone(), why.to_owned()))
    }

    fn candidates(&self, found: &Found) -> Vec<&Known> {
        let claim = claim(found);
        let fits = |known: &&Known| match &claim {
            Claim::Whole(id) => known.id.as_str() == id,
            Claim::End(end) => known.id.short() == end,
            Claim::None => false,
        };
        self.known.iter().filter(fits).collect()
    }

    /// Kept on purpose, and its date has not passed. A date that can't be read keeps it, too.
    fn kept(&self, found: &Found, known: &Known) -> bool {
        retained(found, known).is_some_and(|until| !until.parse().is_ok_and(|until| self.passed(until)))
    }

    fn passed(&self, until: Date) -> bool {
        until < self.now.to_zoned(TimeZone::UTC).date()
    }

    fn young(&self, since: Option<Timestamp>) -> bool {
        since.is_some_and(|since| self.now.duration_since(since).as_secs_f64() < self.grace.as_secs_f64())
    }

    /// The ledger of a living deployment has it, or it hangs on a machine that the ledger has: its root volume is made with it.
    fn covered(&self, found: &Found, known: &Known) -> bool {
        let has = |found: &Found| known.ledger.iter().any(|line| stands_for(line, found));
        let holder = found.attached_to.as_ref().and_then(|id| self.seen.iter().find(|seen| seen.found.id == *id));
        has(found) || holder.is_some_and(|holder| has(&holder.found))
    }

    pub(crate) fn ghosts(&self) -> Vec<Ghost> {
        let settled = |known: &&Known| known.mine && !changing(known) && known.destroyed_at.is_none_or(|at| !self.young(Some(at)));
        self.known.iter().filter(settled).flat_map(|known| known.ledger.iter().filter_map(|line| self.ghost(known, line))).collect()
    }

    fn ghost(&self, known: &Known, line: &Resource) -> Option<Ghost> {
        let listed = line.kind == "role" || known.region.as_ref().is_some_and(|region| self.regions.contains(region));
        let here = self.seen.iter().any(|seen| stands_for(line, &seen.found) && self.of(known, &seen.found));
        if !listed || here || line.state == "gone" || self.young(Some(line.updated_at)) {
            return None;
        }
        let gone = known.destroyed_at.is_some();
        if line.state == "planned" && !gone {
            return None;
        }
        let why = if gone {
            "it is not in the account any more; the ledger now says so".to_owned()
        } else {
            format!(
                "the ledger of {} says that it is there, and the account does not list it; deploy the plan again, or delete the deployment",
                known.id
            )
        };
        Some(Ghost { deployment: known.id.clone(), region: known.region.clone(), line: line.clone(), why, settle: gone })
    }

    fn of(&self, known: &Known, found: &Found) -> bool {
        match claim(found) {
            Claim::Whole(id) => known.id.as_str() == id,
            Claim::End(end) => known.id.short() == end,
            Claim::None => false,
        }
    }
}

fn changing(known: &Known) -> bool {
    matches!(known.status, Status::Deploying | Status::Changing | Status::Cancelling | Status::Destroying)
}

/// Deleting asks for our tag, or, where lists show none, for our name.
fn removable(found: &Found) -> bool {
    found.deployment.is_some() || matches!(found.kind, FoundKind::Role | FoundKind::InstanceProfile | FoundKind::Secret)
}

/// The date until which it is kept, by the ledger or by its tag; empty where neither says it.
fn retained(found: &Found, known: &Known) -> Option<String> {
    let lines = known.ledger.iter().filter(|line| line.external_id.as_ref() == Some(&found.id));
    // The date stays on a line that was closed.
    let by_ledger = lines.filter_map(|line| line.retained_until).next();
    by_ledger.map(|until| until.to_string()).or_else(|| found.retained_until.clone())
}

/// Whether the line is about this. What is only planned has no id yet, or that of an earlier one: any of its kind may be it.
fn stands_for(line: &Resource, found: &Found) -> bool {
    let kind = match found.kind {
        FoundKind::Instance => "instance",
        FoundKind::Volume => "volume",
        FoundKind::SecurityGroup => "security_group",
        FoundKind::Secret => "secret",
        FoundKind::Role | FoundKind::InstanceProfile => "role",
    };
    let by_name = kind == "role" && line.name == found.id;
    line.kind == kind && line.state != "gone" && (line.state == "planned" || by_name || line.external_id.as_ref() == Some(&found.id))
}
