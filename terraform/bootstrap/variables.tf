variable "region" {
  type        = string
  description = "AWS region."
  default     = "ca-central-1"

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "A region is named like ca-central-1."
  }
}

variable "account_id" {
  type        = string
  description = "The AWS account that is made ready."

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "An account is twelve digits."
  }
}


variable "github_repository" {
  type        = string
  description = "Repository whose workflows deploy, as owner/name."

  validation {
    condition     = can(regex("^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$", var.github_repository))
    error_message = "A repository is owner/name, without a wildcard."
  }
}

variable "github_environments" {
  type        = set(string)
  description = "GitHub environments that may deploy. Each should ask a person before it runs."
  default     = ["dev", "prod"]

  validation {
    condition     = length(var.github_environments) > 0 && alltrue([for name in var.github_environments : can(regex("^[A-Za-z0-9_-]+$", name))])
    error_message = "At least one GitHub environment by its name, without a wildcard."
  }
}

variable "readers" {
  type        = set(string)
  description = "ARNs of the people who may look."
  default     = []
}

variable "deployers" {
  type        = set(string)
  description = "ARNs of the people who may deploy, as the workflows may."
  default     = []
}

variable "breakers" {
  type        = set(string)
  description = "ARNs of the people who may break the glass."

  validation {
    condition     = length(var.breakers) > 0
    error_message = "Somebody must be able to mend what the other roles can't."
  }
}
