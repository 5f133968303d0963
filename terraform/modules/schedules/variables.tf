variable "name" {
  type        = string
  description = "Name of the group and prefix of the role's, such as cloudsail-local-messages."

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,55}$", var.name))
    error_message = "The name is up to 55 letters, digits, dashes and underscores, so that the role's fits into 64."
  }
}

variable "account_id" {
  type        = string
  description = "The AWS account that the schedules stand in."

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "An account is twelve digits."
  }
}

variable "queues" {
  type        = map(string)
  description = "ARN of each queue that a schedule may send to, by its name."

  validation {
    condition     = length(var.queues) > 0 && alltrue([for arn in values(var.queues) : can(regex("^arn:[a-z-]+:sqs:[a-z0-9-]+:[0-9]{12}:[^*]+$", arn))])
    error_message = "Schedules send to one queue at least, each named by its ARN, without a *."
  }
}

variable "permissions_boundary_arn" {
  type        = string
  description = "The most that the role that schedules send with may do: modules/role-boundary makes it."

  validation {
    condition     = can(regex("^arn:[a-z-]+:iam::[0-9]{12}:policy/[^*]+$", var.permissions_boundary_arn))
    error_message = "A role has a boundary, which is the ARN of a policy of an account's own."
  }
}
