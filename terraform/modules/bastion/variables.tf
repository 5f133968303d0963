variable "name" {
  type        = string
  description = "Prefix of all names, such as cloudsail-dev."

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,30}$", var.name))
    error_message = "The name is 3 to 31 lower-case letters, digits and dashes, beginning with a letter."
  }
}

variable "subnet_id" {
  type        = string
  description = "Private subnet, with a way out to Session Manager."

  validation {
    condition     = startswith(var.subnet_id, "subnet-")
    error_message = "A subnet's id begins with subnet-."
  }
}

variable "security_group_id" {
  type        = string
  description = "Group that may reach the database, and that nothing may reach."

  validation {
    condition     = startswith(var.security_group_id, "sg-")
    error_message = "A security group's id begins with sg-."
  }
}

variable "permissions_boundary_arn" {
  type        = string
  description = "The most that the bastion's role may do: modules/role-boundary makes it."

  validation {
    condition     = can(regex("^arn:[a-z-]+:iam::[0-9]{12}:policy/[^*]+$", var.permissions_boundary_arn))
    error_message = "A role has a boundary, which is the ARN of a policy of an account's own."
  }
}
