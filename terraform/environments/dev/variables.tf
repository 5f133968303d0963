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

variable "site" {
  type = object({
    aliases         = optional(list(string), [])
    certificate_arn = optional(string)
    web_acl_arn     = optional(string)
    price_class     = optional(string, "PriceClass_100")
  })
  description = "The site's own names with the ACM certificate for them (us-east-1), where they are not the domain; the WAF web ACL in front of it, and from where it is served."
  default     = {}
}

variable "mail_region" {
  type        = string
  description = "Region that mail is received in. SES does so in some regions only; docs/mail.md says where to look."
  default     = "us-east-1"

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.mail_region))
    error_message = "A region is named like us-east-1."
  }
}

variable "domain" {
  type        = string
  description = "The environment's own domain, such as cloudsail.example.com: names, certificates and mail. Null makes none of them."
  default     = null
}

variable "zone_id" {
  type        = string
  description = "The domain's hosted zone, where there is one. Null makes one, whose name servers the registrar is told by hand."
  default     = null
}

variable "mail" {
  type = object({
    from            = optional(string)
    incoming_domain = optional(string)
    keep_days       = optional(number, 30)
    spf_includes    = optional(list(string), ["amazonses.com"])
    root_texts      = optional(list(string), [])
    dmarc           = optional(object({ policy = string, reports_to = optional(string) }), { policy = "quarantine" })
  })
  description = "The address that mail is sent from (with a domain: noreply@ it, unless told otherwise), the domain that mail is received for and how long it is kept, and what the domain's records say; modules/mail-outgoing and modules/mail-incoming say more of each."
  default     = {}
}

variable "sign_in" {
  type = object({
    callback_urls     = optional(list(string), [])
    logout_urls       = optional(list(string), [])
    google            = optional(object({ client_id = string, secret_arn = string }))
    mfa               = optional(string, "OFF")
    threat_protection = optional(string, "OFF")
    password_policy = optional(object({
      minimum_length    = optional(number, 12)
      require_lowercase = optional(bool, false)
      require_numbers   = optional(bool, false)
      require_symbols   = optional(bool, false)
      require_uppercase = optional(bool, false)
    }), {})
    triggers = optional(map(string), {})
  })
  description = "How people sign in: with callback addresses on Cognito's page too, by Google with its client, with a second factor, watched for theft, with functions called on the way; modules/identity says more of each."
  default     = {}
}

variable "bastion" {
  type        = bool
  description = "Whether there is a machine through which people reach the database; see scripts/tunnel. About 4 USD a month."
  default     = false
}

variable "monthly_budget_usd" {
  type        = number
  description = "US dollars that a month may cost, before people are told."
  default     = 300

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
