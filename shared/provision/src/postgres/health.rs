//! Whether PostgreSQL answers: at the end of the way up and of a change, and every minute of the life after it.

use super::memory::{Memory, known};
use super::{Postgres, cloud_error, replace, steps};
use clouds::{Cloud, CommandResult, InstanceState};
use domain::Status;
use engine::{Next, Step, StepError};
use serde::Deserialize;
use std::time::Duration;
use transform::aws::Design;

/// How often a running deployment is looked at.
const HEALTH_EVERY: Duration = Duration::from_secs(60);
/// Green means that a real query succeeded this recently.
const GREEN_S: i64 = 120;

/// What `check.sh` prints: one line of JSON.
#[derive(Deserialize)]
pub(super) struct Check {
    state: String,
    #[serde(default)]
    step: Option<String>,
    #[serde(default)]
    pub(super) reason: Option<String>,
    #[serde(default)]
    sql_ok: bool,
    #[serde(default)]
    address: Option<String>,
    #[serde(default)]
    ca: Option<String>,
    /// How full the data disk is, percent.
    #[serde(default)]
    disk_used: Option<u32>,
}

impl Check {
    pub(super) fn read(stdout: &str) -> Option<Self> {
        stdout.lines().rev().find_map(|line| serde_json::from_str(line).ok())
    }

    pub(super) fn well(&self) -> bool {
        self.sql_ok && self.state == "ready"
    }
}

impl<C: Cloud> Postgres<C> {
    pub(super) async fn check(&self, memory: &mut Memory) -> Result<Next, StepError> {
        let instance = known(&memory.instance, "machine")?;
        let sent = self.cloud.run_command(instance, transform::aws::CHECK, "cloudsail health check").await;
        match sent {
            Ok(command) => {
                memory.command = Some(command);
                Ok(Next::Hop("checked"))
            }
            Err(error) => match cloud_error(error) {
                StepError::Retry(reason) | StepError::Fatal(reason) if memory.ran => {
                    tracing::info!(reason, "the health check could not be sent");
                    memory.command = None;
                    Ok(Next::Hop("checked"))
                }
                other => Err(other),
            },
        }
    }

    pub(super) async fn checked(&self, step: &mut Step<'_>, memory: &mut Memory, design: &Design) -> Result<Next, StepError> {
        let instance = known(&memory.instance, "machine")?.to_owned();
        let result = match &memory.command {
            Some(command) => self.cloud.command_result(&instance, command).await.map_err(cloud_error)?,
            None => CommandResult::Done { exit_code: -1, stdout: String::new(), stderr: "the machine takes no commands".to_owned() },
        };
        let (stdout, stderr) = match result {
            CommandResult::Pending if step.seconds_here() < 30 => return Ok(Next::Nap(Duration::from_secs(1))),
            CommandResult::Pending => (String::new(), "the health check did not end within 30 seconds".to_owned()),
            CommandResult::Done { stdout, stderr, .. } => (stdout, stderr),
        };
        let check = Check::read(&stdout);
        // Before the answer counts: without room PostgreSQL may not answer any more.
        if let Some(used) = check.as_ref().and_then(|check| check.disk_used)
            && memory.ran
            && memory.changing.is_none()
            && let Some(next) = self.filling(step, memory, used)?
        {
            return Ok(next);
        }
        match check {
            Some(check) if check.well() => self.healthy(step, memory, design, check).await,
            Some(check) if check.state == "failed" && !memory.ran => {
                let reason = check.reason.unwrap_or_else(|| "no reason given".to_owned());
                Err(StepError::Fatal(format!("installing PostgreSQL failed: {reason}. Delete the deployment and deploy again.")))
            }
            Some(check)
                if check.state == "failed" && memory.replacing.as_ref().is_some_and(|replacing| replacing.made == memory.instance) =>
            {
                let reason = check.reason.unwrap_or_else(|| "no reason given".to_owned());
                Err(StepError::Fatal(format!("the new machine could not take over: {reason}")))
            }
            // A restart, or a reboot, takes its time.
            other if memory.changing.is_some() => {
                if let Some(replacing) = &mut memory.replacing {
                    replacing.rebuilds |= other.as_ref().is_some_and(|check| check.step.as_deref() == Some("indexes"));
                }
                memory.progress = other.and_then(|check| check.reason).or(Some(stderr));
                Ok(Next::HopAfter("check", Duration::from_secs(2)))
            }
            other if memory.ran => self.unhealthy(step, &instance, other.and_then(|c| c.reason).unwrap_or(stderr)).await,
            other => {
                memory.progress = other.and_then(|check| check.step).or_else(|| memory.progress.take());
                Ok(Next::HopAfter("check", Duration::from_secs(1)))
            }
        }
    }

    async fn healthy(&self, step: &mut Step<'_>, memory: &mut Memory, design: &Design, check: Check) -> Result<Next, StepError> {
        step.change.healthy = true;
        if let Some(changing) = memory.changing.clone() {
            let back = changing.undo.is_some();
            self.settle(step, memory, changing).await?;
            memory.changing = None;
            replace::settled(memory, back);
        }
        if step.deployment.status != Status::Running {
            let word = if memory.ran { "PostgreSQL answers again." } else { "PostgreSQL answers over TLS." };
            step.event("info", None, word);
            step.change.status = Some(Status::Running);
            steps::finish(step);
        }
        memory.ran = true;
        let shown = step.deployment.connection.as_ref().map(|connection| &connection.host);
        if let (Some(host), Some(ca_certificate)) = (check.address, check.ca)
            && shown != Some(&host)
        {
            step.change.connection = Some(store::Connection {
                host,
                port: design.configuration.port,
                database: design.configuration.database.clone(),
                user: design.configuration.user.clone(),
                ca_certificate,
                secret_arn: known(&memory.secret, "secret")?.to_owned(),
            });
        }
        Ok(Next::HopAfter("check", HEALTH_EVERY))
    }

    /// One failed look is not yet an issue: green means that a query succeeded within the last two minutes.
    async fn unhealthy(&self, step: &mut Step<'_>, instance: &str, why: String) -> Result<Next, StepError> {
        let state = self.cloud.instance(instance).await.map_err(cloud_error)?.map(|i| i.state);
        let reason = match state {
            Some(InstanceState::Running) => format!("PostgreSQL does not answer: {}", why.trim()),
            Some(InstanceState::Stopped | InstanceState::Stopping) => "the machine is stopped; start it in your account".to_owned(),
            None | Some(InstanceState::Terminated | InstanceState::ShuttingDown) => {
                "the machine was terminated outside Cloudsail; its data volume is kept. Delete the deployment to clean up.".to_owned()
            }
            Some(InstanceState::Pending) => "the machine is starting".to_owned(),
        };
        let last_ok = step.deployment.last_ok_at.map_or(i64::MAX, |at| step.now.as_second() - at.as_second());
        let gone = state != Some(InstanceState::Running);
        if (gone || last_ok > GREEN_S) && step.deployment.reason.as_deref() != Some(&reason) {
            step.event("issue", None, reason.clone());
            (step.change.status, step.change.reason) = (Some(Status::Issue), Some(reason));
        }
        Ok(Next::HopAfter("check", HEALTH_EVERY))
    }
}
