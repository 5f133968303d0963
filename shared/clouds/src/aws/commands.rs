//! SSM Run Command.

use aws_sdk_ssm::Client;
use aws_sdk_ssm::types::{CommandInvocationStatus, InstanceInformationStringFilter, PingStatus};

use super::errors::{failure, meaning};
use crate::{ApiError, CommandResult, Error, Result};

const DOCUMENT: &str = "AWS-RunShellScript";
/// How long SSM tries to hand the command over, in seconds; 30 is the least it takes.
const DELIVERY_SECONDS: i32 = 60;
/// How long a script may run, in seconds: the longest that is sent makes a look at the machine.
const RUN_SECONDS: &str = "120";
/// The longest comment that SSM takes, in characters.
const COMMENT_CHARACTERS: usize = 100;

/// Whether the machine's agent is connected.
pub(super) async fn is_managed(ssm: &Client, instance: &str) -> Result<bool> {
    let action = "ssm:DescribeInstanceInformation";
    let only = InstanceInformationStringFilter::builder().key("InstanceIds").values(instance).build();
    let only = only.map_err(|error| Error::unexpected(action, error.to_string()))?;
    match ssm.describe_instance_information().filters(only).send().await.map_err(failure(action)) {
        Ok(answer) => Ok(answer
            .instance_information_list()
            .iter()
            .any(|machine| machine.instance_id() == Some(instance) && machine.ping_status() == Some(&PingStatus::Online))),
        Err(Error::NotReady { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Sends a script.
pub(super) async fn run(ssm: &Client, instance: &str, script: &str, comment: &str) -> Result<String> {
    let action = "ssm:SendCommand";
    let answer = ssm
        .send_command()
        .document_name(DOCUMENT)
        .instance_ids(instance)
        .comment(comment.chars().take(COMMENT_CHARACTERS).collect::<String>())
        .timeout_seconds(DELIVERY_SECONDS)
        .parameters("commands", vec![script.to_owned()])
        .parameters("executionTimeout", vec![RUN_SECONDS.to_owned()])
        .send()
        .await
        .map_err(failure(action))?;
    let id = answer.command().and_then(|command| command.command_id());
    id.map(ToOwned::to_owned).ok_or_else(|| Error::unexpected(action, "the answer has no command id"))
}

/// What came of a script.
pub(super) async fn result(ssm: &Client, instance: &str, command: &str) -> Result<CommandResult> {
    let answer = ssm.get_command_invocation().command_id(command).instance_id(instance).send().await;
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) => {
            // The invocation is listed a moment after the command was accepted.
            let young = error.as_service_error().is_some_and(|service| service.is_invocation_does_not_exist());
            let error = failure("ssm:GetCommandInvocation")(error);
            return if young { Ok(CommandResult::Pending) } else { Err(error) };
        }
    };
    match answer.status() {
        Some(CommandInvocationStatus::Pending | CommandInvocationStatus::InProgress | CommandInvocationStatus::Delayed) | None => {
            Ok(CommandResult::Pending)
        }
        Some(
            CommandInvocationStatus::Success
            | CommandInvocationStatus::Failed
            | CommandInvocationStatus::TimedOut
            | CommandInvocationStatus::Cancelled
            | CommandInvocationStatus::Cancelling,
        ) => Ok(CommandResult::Done {
            exit_code: answer.response_code(),
            stdout: answer.standard_output_content().unwrap_or_default().to_owned(),
            stderr: answer.standard_error_content().unwrap_or_default().to_owned(),
        }),
        Some(other) => {
            let cause = ApiError { code: "UnexpectedAnswer".into(), message: format!("status {}", other.as_str()), request_id: None };
            Err(meaning("ssm:GetCommandInvocation", 500, cause))
        }
    }
}
