variable "name" {
  type        = string
  description = "Name of the configuration set and prefix of the rest, such as cloudsail-local."

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,48}$", var.name))
    error_message = "The name is up to 48 letters, digits, dashes and underscores, so that the rule's fits into 64."
  }
}

variable "account_id" {
  type        = string
  description = "The AWS account that mail is sent from."

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "An account is twelve digits."
  }
}

variable "identity" {
  type        = string
  description = "What mail is sent as: a domain such as example.com, or one address where there is no domain."
}

variable "zone" {
  type        = object({ id = string })
  description = "The hosted zone, by its id, that the domain's records are put into. Null where they are put elsewhere by hand: they are in the output."
  default     = null
}

variable "mail_from_label" {
  type        = string
  description = "First part of the name that mail comes from and bounces go to; nothing else may be there."
  default     = "bounce"

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.mail_from_label))
    error_message = "It is one part of a name, such as bounce."
  }
}

variable "spf_includes" {
  type        = list(string)
  description = "Whose servers send mail under the domain itself, such as _spf.google.com for Workspace."
  default     = ["amazonses.com"]

  validation {
    condition     = alltrue([for name in var.spf_includes : can(regex("^([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$", name))])
    error_message = "Each is a name such as _spf.google.com, without include: before it."
  }

  validation {
    condition     = length(var.spf_includes) <= 9
    error_message = "Who reads SPF asks ten names at most."
  }
}

variable "root_texts" {
  type        = list(string)
  description = "Other texts that must stand at the domain beside SPF, such as Google's proof of ownership: all share one record."
  default     = []

  validation {
    condition     = alltrue([for text in var.root_texts : !startswith(text, "v=spf1")])
    error_message = "A domain has one SPF text; name its servers in spf_includes."
  }
}

variable "dmarc" {
  type        = object({ policy = string, reports_to = optional(string) })
  description = "What others do with mail that fails both SPF and DKIM: none, quarantine or reject, and the address that gets their reports."
  default     = { policy = "quarantine" }

  validation {
    condition     = contains(["none", "quarantine", "reject"], var.dmarc.policy)
    error_message = "DMARC's policy is none, quarantine or reject."
  }

  validation {
    condition     = var.dmarc.reports_to == null || can(regex("^[^@ ;,]+@[^@ ;,]+\\.[^@ .;,]+$", var.dmarc.reports_to))
    error_message = "Reports go to one address such as dmarc@example.com."
  }
}

variable "feedback_queue_arn" {
  type        = string
  description = "The queue that is told of bounces, complaints and what SES refused."

  validation {
    condition     = can(regex("^arn:[a-z-]+:sqs:", var.feedback_queue_arn))
    error_message = "It is the ARN of an SQS queue."
  }
}

variable "alarm_topics" {
  type        = list(string)
  description = "ARNs of the topics that are told when an alarm goes off, and when it is over."
  default     = []

  validation {
    condition     = alltrue([for arn in var.alarm_topics : can(regex("^arn:[a-z-]+:sns:", arn))])
    error_message = "An alarm's topic is the ARN of an SNS topic."
  }
}
