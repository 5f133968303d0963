//! What a person can do about an answer of the cloud's. Source of the codes: EC2's and IAM's lists of error codes, and "Enable or disable
//! AWS Regions in your account".

use crate::Error;

/// How a region answers that is not enabled in the account, by a session that is good elsewhere.
const REGION_OFF: &[&str] =
    &["AuthFailure", "OptInRequired", "RegionDisabledException", "UnrecognizedClientException", "InvalidClientTokenId"];

/// The codes, and what to do. A code that is not here has no better remedy than its own words.
const REMEDIES: [(&[&str], &str); 8] = [
    (REGION_OFF, "The region may not be enabled in your account: enable it (Account, AWS Regions), or choose another one in the plan"),
    (
        &["VcpuLimitExceeded", "InstanceLimitExceeded"],
        "The account's quota of vCPUs is used up: ask AWS for more (Service Quotas, \"Running On-Demand Standard instances\"), or for a smaller machine in the plan",
    ),
    (
        &["VolumeLimitExceeded", "MaxIOPSLimitExceeded", "VolumeModificationSizeLimitExceeded"],
        "The account's quota of disks is used up: ask AWS for more (Service Quotas, \"Storage for General Purpose SSD (gp3) volumes\"), or for a smaller disk in the plan",
    ),
    (&["VolumeModificationRateExceeded"], "AWS lets a volume be changed a few times a day: try again in some hours"),
    (&["InsufficientFreeAddressesInSubnet"], "The subnet has no free address: free some, or name another subnet in the plan"),
    (
        &["InsufficientInstanceCapacity", "InsufficientVolumeCapacity", "InsufficientCapacity", "InsufficientHostCapacity", "Unsupported"],
        "AWS has no room for it there now: try again later, or ask for another machine in the plan",
    ),
    (
        &["SecurityGroupLimitExceeded", "LimitExceeded", "LimitExceededException"],
        "A quota of the account is used up: delete what is not used, or ask AWS for more (Service Quotas)",
    ),
    (
        &["AccessDenied", "AccessDeniedException", "UnauthorizedOperation"],
        "The role in your account does not allow this: update its stack from the template and verify the account again",
    ),
];

impl Error {
    /// Whether the region seems not to be enabled in the account.
    #[must_use]
    pub fn region_is_off(&self) -> bool {
        REGION_OFF.contains(&self.cause().code.as_str())
    }

    /// What to do, one sentence without its period, where that is known.
    #[must_use]
    pub fn remedy(&self) -> Option<&'static str> {
        let code = self.cause().code.as_str();
        REMEDIES.iter().find(|(codes, _)| codes.contains(&code)).map(|(_, remedy)| *remedy)
    }
}
