variable "name" {
  type        = string
  description = "Prefix of the roles' names. Not cloudsail-: environments' roles begin so, and a deploy may change those."
  default     = "access"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,30}$", var.name)) && !startswith(var.name, "cloudsail-")
    error_message = "The name is 2 to 31 lower-case letters, digits and dashes, and does not begin with cloudsail-."
  }
}

variable "account_id" {
  type        = string
  description = "The AWS account that the roles stand in."

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "An account is twelve digits."
  }
}

variable "state_bucket_arn" {
  type        = string
  description = "Bucket of the states, which a deploy writes to and never removes."

  validation {
    condition     = can(regex("^arn:[a-z-]+:s3:::", var.state_bucket_arn))
    error_message = "The bucket is the ARN of an S3 bucket."
  }
}

variable "role_boundary_arn" {
  type        = string
  description = "The most that a role of an environment may do: modules/role-boundary makes it. A deploy makes roles with it, and no others."

  validation {
    condition     = startswith(var.role_boundary_arn, "${local.prefix}:policy${local.path}")
    error_message = "The boundary is the ARN of a policy of this account under ${local.path}, which no deploy can change."
  }
}

variable "github" {
  type = object({
    provider_arn = string
    repository   = string
    environments = set(string)
  })
  description = "Whose workflows deploy: GitHub's identity provider, the repository as owner/name, and the GitHub environments."

  validation {
    condition     = can(regex("^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$", var.github.repository))
    error_message = "A repository is owner/name, without a wildcard."
  }

  validation {
    condition     = length(var.github.environments) > 0 && alltrue([for name in var.github.environments : can(regex("^[A-Za-z0-9_-]+$", name))])
    error_message = "At least one GitHub environment by its name, without a wildcard."
  }
}

variable "readers" {
  type        = set(string)
  description = "ARNs of the people, or of roles of their directory, who may look. Without any there is no such role, nor are the next two."
  default     = []

  validation {
    condition     = alltrue([for arn in var.readers : can(regex("^arn:[a-z-]+:iam::[0-9]{12}:(user|role)/[^*]+$", arn))])
    error_message = "A person is the ARN of an IAM user or role, without a wildcard."
  }
}

variable "deployers" {
  type        = set(string)
  description = "ARNs of the people who may deploy, as the workflows may."
  default     = []

  validation {
    condition     = alltrue([for arn in var.deployers : can(regex("^arn:[a-z-]+:iam::[0-9]{12}:(user|role)/[^*]+$", arn))])
    error_message = "A person is the ARN of an IAM user or role, without a wildcard."
  }
}

variable "breakers" {
  type        = set(string)
  description = "ARNs of the people who may break the glass."
  default     = []

  validation {
    condition     = alltrue([for arn in var.breakers : can(regex("^arn:[a-z-]+:iam::[0-9]{12}:(user|role)/[^*]+$", arn))])
    error_message = "A person is the ARN of an IAM user or role, without a wildcard."
  }
}
