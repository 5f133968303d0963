//! A function's process: started, asked, measured.

use crate::Failure;
use crate::runtime_api::{Call, RuntimeApi, Said};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

/// What is run, with what around it.
pub(crate) struct Function {
    pub(crate) name: &'static str,
    pub(crate) executable: PathBuf,
    pub(crate) environment: Vec<(&'static str, String)>,
    pub(crate) event: String,
    /// Stands in each right answer.
    pub(crate) expected: &'static str,
}

/// One life of a function.
pub(crate) struct Life {
    /// Processor time of all its threads, from the start of the process until it waits again after its first response.
    pub(crate) cold_cpu: Duration,
    /// Clock time from the start of the process to its first response.
    pub(crate) cold_wall: Duration,
    /// The part of it that comes after the first event was handed out.
    pub(crate) first: Duration,
    /// From an event to its response, as the Runtime API sees it, without the first.
    pub(crate) warm: Vec<Duration>,
    /// The most memory that was resident at once (`VmHWM`), in KiB.
    pub(crate) peak_kib: u64,
}

struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Function {
    /// Starts it, and asks once and then `warm` times. A failure comes with what the function wrote to its log.
    pub(crate) async fn live(&self, warm: usize, log: &Path) -> Result<Life, Failure> {
        match self.lived(warm, log).await {
            Ok(life) => Ok(life),
            Err(failure) => Err(format!("{}: {failure}\n{}", self.name, std::fs::read_to_string(log).unwrap_or_default()).into()),
        }
    }

    async fn lived(&self, warm: usize, log: &Path) -> Result<Life, Failure> {
        let mut api = RuntimeApi::open().await?;
        let began = Instant::now();
        let process = Process(self.command(&api.address, log)?.spawn().map_err(|e| format!("{}: {e}", self.executable.display()))?);
        let id = process.0.id();
        let asked = api.next().await?.event(&self.event);
        let call = self.response(&mut api).await?;
        let first = call.at - asked;
        let cold_wall = call.at - began;
        // It has sent its response, and is about to wait for the reply.
        tokio::time::sleep(Duration::from_millis(5)).await;
        let cold_cpu = cpu(id)?;
        call.accept();
        let mut times = Vec::with_capacity(warm);
        for _ in 0..warm {
            let asked = api.next().await?.event(&self.event);
            let call = self.response(&mut api).await?;
            times.push(call.at - asked);
            call.accept();
        }
        api.next().await?;
        Ok(Life { cold_cpu, cold_wall, first, warm: times, peak_kib: peak_kib(id)? })
    }

    fn command(&self, api: &str, log: &Path) -> Result<Command, Failure> {
        let log = File::create(log)?;
        let mut command = Command::new(&self.executable);
        command.env_clear().stdout(log.try_clone()?).stderr(log);
        command.env("AWS_LAMBDA_RUNTIME_API", api).env("AWS_LAMBDA_FUNCTION_NAME", self.name).env("AWS_LAMBDA_FUNCTION_VERSION", "1");
        command.env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256").env("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
        command.env("AWS_LAMBDA_LOG_GROUP_NAME", "bench").env("AWS_LAMBDA_LOG_STREAM_NAME", "bench");
        command.env("AWS_REGION", "ca-central-1").env("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE").env("AWS_SECRET_ACCESS_KEY", "secret");
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        Ok(command)
    }

    async fn response(&self, api: &mut RuntimeApi) -> Result<Call, Failure> {
        let call = api.next().await?;
        match &call.said {
            Said::Response(body) if String::from_utf8_lossy(body).contains(self.expected) => Ok(call),
            Said::Response(body) => Err(format!("{} answered {}", self.name, String::from_utf8_lossy(body)).into()),
            _ => Err(format!("{} asked for the next event before it answered", self.name).into()),
        }
    }
}

/// Processor time of all threads; the scheduler counts it in nanoseconds.
fn cpu(id: u32) -> Result<Duration, Failure> {
    let mut sum = 0;
    for thread in std::fs::read_dir(format!("/proc/{id}/task"))? {
        let text = std::fs::read_to_string(thread?.path().join("schedstat"))?;
        sum += text.split_whitespace().next().unwrap_or_default().parse::<u64>()?;
    }
    Ok(Duration::from_nanos(sum))
}

fn peak_kib(id: u32) -> Result<u64, Failure> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("/proc tells no VmHWM")?;
    Ok(line.trim_end_matches("kB").trim().parse()?)
}
