variable "project_id" {
  type        = string
  description = "Id of the Google project, which no other project of the world has."

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "A project's id is 6 to 30 lower-case letters, digits and dashes, beginning with a letter."
  }
}

variable "project_name" {
  type        = string
  description = "Name that people read in Google's console."
  default     = "Cloudsail"
}

variable "org_id" {
  type        = string
  description = "Number of the organization: of Workspace, so that its people alone can give access where the consent screen is internal."

  validation {
    condition     = can(regex("^[0-9]+$", var.org_id))
    error_message = "An organization is a number."
  }
}

variable "billing_account" {
  type        = string
  description = "Account that is billed. Sign-in, calendar and meetings cost nothing; null leaves the project without one."
  default     = null

  validation {
    condition     = var.billing_account == null || can(regex("^[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$", var.billing_account))
    error_message = "A billing account is like 012345-6789AB-CDEF01."
  }
}

variable "oauth_editors" {
  type        = set(string)
  description = "Addresses of those who make the consent screen and the client."
  default     = []

  validation {
    condition     = alltrue([for email in var.oauth_editors : can(regex("^[^@ ]+@[^@ ]+\\.[^@ .]+$", email))])
    error_message = "An e-mail address is like person@example.com."
  }
}
