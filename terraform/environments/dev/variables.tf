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
  description = "The AWS account that this environment stands in."

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "An account is twelve digits."
  }
}

variable "alarm_emails" {
  type        = set(string)
  description = "Who is told by e-mail when an alarm goes off, and when it is over."
  default     = []

  validation {
    condition     = alltrue([for email in var.alarm_emails : can(regex("^[^@ ]+@[^@ ]+\\.[^@ .]+$", email))])
    error_message = "An e-mail address is like person@example.com."
  }
}

variable "database_ca_pem" {
  type        = string
  description = "Root in PEM that functions trust beside the public ones when they reach the database: on AWS the region's root of RDS, which signs the cluster's certificate but not the proxy's. The empty text stands for none."
  default     = ""

  validation {
    condition     = var.database_ca_pem == "" || startswith(trimspace(var.database_ca_pem), "-----BEGIN CERTIFICATE-----")
    error_message = "The root is a certificate in PEM."
  }

  validation {
    condition     = length(var.database_ca_pem) <= 3000
    error_message = "All variables of a function share 4 KB, so the root is one certificate of up to 3000 characters, not a bundle."
  }
}

variable "bastion" {
  type        = bool
  description = "Whether there is a machine through which people reach the database; see scripts/tunnel. About 4 USD a month."
  default     = false
}

variable "monthly_budget_usd" {
  type        = number
  description = "US dollars that a month may cost, before people are told."
  default     = 150

  validation {
    condition     = var.monthly_budget_usd > 0
    error_message = "A budget is more than nothing."
  }
}

variable "waf" {
  type        = bool
  description = "Whether there is a web ACL for the CDN; the APIs can't have one. About 10 USD a month, and 0.60 USD a million requests."
  default     = false
}
