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

  validation {
    condition     = alltrue([for email in var.alarm_emails : can(regex("^[^@ ]+@[^@ ]+\\.[^@ .]+$", email))])
    error_message = "An e-mail address is like person@example.com."
  }

  validation {
    condition     = length(var.alarm_emails) > 0
    error_message = "Somebody must be told of alarms."
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

variable "site" {
  type = object({
    aliases         = optional(list(string), [])
    certificate_arn = optional(string)
    web_acl_arn     = optional(string)
    price_class     = optional(string, "PriceClass_100")
  })
  description = "The site's own names with the ACM certificate for them (us-east-1), the WAF web ACL in front of it, and from where it is served."
  default     = {}
}
