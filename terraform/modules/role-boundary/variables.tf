variable "name" {
  type        = string
  description = "Name of the policy. An account has one for all its environments, whose deploy role knows it by this name."
  default     = "environment-roles"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,60}$", var.name))
    error_message = "The name is 2 to 61 lower-case letters, digits and dashes, beginning with a letter."
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
