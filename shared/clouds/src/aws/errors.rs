//! What the answers of AWS mean. The codes are those of the services' API references ("Common errors", "Error codes").

use aws_sdk_ec2::config::http::HttpResponse;
use aws_sdk_ec2::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_ec2::operation::RequestId;

use crate::{ApiError, Error, Result};

/// Turns a failed call into an [`Error`]; for `map_err`.
pub(super) fn failure<E>(action: &'static str) -> impl Fn(SdkError<E, HttpResponse>) -> Error
where
    E: ProvideErrorMetadata,
    SdkError<E, HttpResponse>: RequestId,
{
    move |error| {
        let request_id = error.request_id().map(ToOwned::to_owned);
        let silent = |message: &str| ApiError { code: "NoAnswer".into(), message: message.into(), request_id: request_id.clone() };
        match &error {
            SdkError::TimeoutError(_) => Error::Unavailable { action, cause: silent("the call timed out") },
            SdkError::DispatchFailure(_) => Error::Unavailable { action, cause: silent("the connection failed") },
            SdkError::ResponseError(_) => Error::Unavailable { action, cause: silent("the answer could not be read") },
            SdkError::ServiceError(service) => {
                let cause = ApiError {
                    code: service.err().code().unwrap_or("Unknown").to_owned(),
                    message: service.err().message().unwrap_or_default().to_owned(),
                    request_id: request_id.clone(),
                };
                meaning(action, service.raw().status().as_u16(), cause)
            }
            // What can't be built into a request is the caller's mistake; the SDK adds variants over time.
            _ => {
                let cause = silent("the request could not be built");
                Error::Invalid { action, message: cause.message.clone(), cause }
            }
        }
    }
}

/// What was made a moment ago by an earlier call may not be seen by the next one yet.
pub(super) fn not_seen_yet(error: Error) -> Error {
    match error {
        Error::NotFound { action, cause } => Error::NotReady { action, cause },
        other => other,
    }
}

/// The same for a look at what an earlier call made or met for certain. Where the permission hangs on the path of what is not seen yet,
/// AWS refuses the look.
pub(super) fn not_shown_yet(error: Error) -> Error {
    match error {
        Error::Denied { action, cause, .. } => Error::NotReady { action, cause },
        other => not_seen_yet(other),
    }
}

/// What is to be deleted and is absent has been deleted.
///
/// Where a permission hangs on a resource's tags or path, AWS may refuse a call that names an absent one, since that has
/// neither; so a refusal is checked against what exists.
pub(super) async fn done_if_absent(result: Result<()>, exists: impl Future<Output = Result<bool>>) -> Result<()> {
    match result {
        Err(Error::NotFound { .. }) => Ok(()),
        Err(refused @ Error::Denied { .. }) => {
            if exists.await? {
                Err(refused)
            } else {
                Ok(())
            }
        }
        other => other,
    }
}

/// The table of codes.
pub(super) fn meaning(action: &'static str, status: u16, cause: ApiError) -> Error {
    let message = cause.message.clone();
    match cause.code.as_str() {
        "AccessDenied"
        | "AccessDeniedException"
        | "UnauthorizedOperation"
        | "AuthFailure"
        | "OptInRequired"
        | "RegionDisabledException"
        | "UnrecognizedClientException"
        | "InvalidClientTokenId"
        | "SignatureDoesNotMatch"
        | "InvalidSignatureException"
        | "MissingAuthenticationToken"
        | "NotAuthorized"
        | "OperationNotPermitted" => Error::Denied { action, message, cause },
        // The 15 minutes are over: the next step takes a new session.
        "ExpiredToken" | "ExpiredTokenException" | "RequestExpired" => Error::Unavailable { action, cause },
        "RequestLimitExceeded"
        | "Throttling"
        | "ThrottlingException"
        | "TooManyRequestsException"
        | "SlowDown"
        | "SnapshotCreationPerVolumeRateExceeded" => Error::Throttled { action, cause },
        "InsufficientInstanceCapacity"
        | "InsufficientCapacity"
        | "InsufficientHostCapacity"
        | "InsufficientVolumeCapacity"
        | "InsufficientFreeAddressesInSubnet"
        | "Unsupported"
        | "InstanceLimitExceeded"
        | "VcpuLimitExceeded"
        | "VolumeLimitExceeded"
        | "MaxIOPSLimitExceeded"
        | "VolumeModificationRateExceeded"
        | "VolumeModificationSizeLimitExceeded"
        | "SecurityGroupLimitExceeded"
        | "LimitExceeded"
        | "LimitExceededException" => Error::NoCapacity { action, message, cause },
        "DependencyViolation"
        | "VolumeInUse"
        | "InvalidGroup.InUse"
        | "InvalidIPAddress.InUse"
        | "DeleteConflict"
        | "ResourceInUseException" => Error::InUse { action, cause },
        "IncorrectState" | "IncorrectInstanceState" | "IncorrectModificationState" | "InvalidInstanceId" | "ConcurrentModification" => {
            Error::NotReady { action, cause }
        }
        // IAM is copied to the regions within seconds; until then EC2 knows nothing of a new profile.
        "InvalidParameterValue" if cause.message.contains("IAM Instance Profile") => Error::NotReady { action, cause },
        "NoSuchEntity"
        | "NoSuchEntityException"
        | "ResourceNotFoundException"
        | "InvalidAMIID.Unavailable"
        | "InvalidAMIID.Malformed"
        | "InvalidSubnetId.Malformed" => Error::NotFound { action, cause },
        "EntityAlreadyExists" | "EntityAlreadyExistsException" | "ResourceExistsException" => Error::AlreadyExists { action, cause },
        // A secret's name stays taken while it can be restored.
        "InvalidRequestException" if cause.message.contains("already scheduled for deletion") => Error::AlreadyExists { action, cause },
        code if code.ends_with(".NotFound") => Error::NotFound { action, cause },
        code if code.ends_with(".Duplicate") => Error::AlreadyExists { action, cause },
        _ if status == 429 => Error::Throttled { action, cause },
        _ if status >= 500 => Error::Unavailable { action, cause },
        _ => Error::Invalid { action, message, cause },
    }
}

#[cfg(test)]
mod tests {
    use super::meaning;
    use crate::{ApiError, Error};

    fn of(status: u16, code: &str, message: &str) -> Error {
        meaning("ec2:RunInstances", status, ApiError { code: code.into(), message: message.into(), request_id: None })
    }

    #[test]
    fn the_table() {
        let name = |error: Error| format!("{error:?}").split(' ').next().unwrap().to_owned();
        let rows = [
            (403, "UnauthorizedOperation", "", "Denied", false),
            (403, "AccessDenied", "", "Denied", false),
            (403, "RegionDisabledException", "", "Denied", false),
            (403, "ExpiredToken", "", "Unavailable", true),
            (400, "InvalidGroup.NotFound", "", "NotFound", false),
            (404, "NoSuchEntity", "", "NotFound", false),
            (400, "InvalidGroup.Duplicate", "", "AlreadyExists", false),
            (400, "ResourceExistsException", "", "AlreadyExists", false),
            (
                400,
                "InvalidRequestException",
                "You can't create this secret because a secret with this name is already scheduled for deletion.",
                "AlreadyExists",
                false,
            ),
            (400, "InvalidRequestException", "", "Invalid", false),
            (400, "DependencyViolation", "", "InUse", true),
            (400, "VolumeInUse", "", "InUse", true),
            (400, "InvalidIPAddress.InUse", "", "InUse", true),
            (400, "VolumeLimitExceeded", "", "NoCapacity", false),
            (
                400,
                "InvalidParameterValue",
                "Value (x) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name",
                "NotReady",
                true,
            ),
            (400, "InvalidParameterValue", "Invalid availability zone", "Invalid", false),
            (400, "IncorrectInstanceState", "", "NotReady", true),
            (400, "IncorrectModificationState", "", "NotReady", true),
            (400, "VolumeModificationRateExceeded", "", "NoCapacity", false),
            (503, "RequestLimitExceeded", "", "Throttled", true),
            (400, "ThrottlingException", "", "Throttled", true),
            (500, "InsufficientInstanceCapacity", "", "NoCapacity", false),
            (400, "VcpuLimitExceeded", "", "NoCapacity", false),
            (500, "InternalError", "", "Unavailable", true),
            (400, "IdempotentParameterMismatch", "", "Invalid", false),
        ];
        for (status, code, message, expected, retryable) in rows {
            let error = of(status, code, message);
            assert_eq!((name(error.clone()).as_str(), error.retryable()), (expected, retryable), "{code} {message}");
        }
    }

    #[test]
    fn the_text_names_the_call_and_the_cause_is_apart() {
        let error = of(403, "UnauthorizedOperation", "not allowed");
        assert_eq!(error.to_string(), "ec2:RunInstances was refused: not allowed");
        assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "UnauthorizedOperation: not allowed");
    }
}
