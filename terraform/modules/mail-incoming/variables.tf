variable "name" {
  type        = string
  description = "Name of the rule and its set, and prefix of the bucket's and the topic's, such as cloudsail-local."

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,43}$", var.name))
    error_message = "The name is 2 to 44 lower-case letters, digits and dashes, so that the bucket's fits into 63."
  }
}

variable "account_id" {
  type        = string
  description = "The AWS account that mail is received in."

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "An account is twelve digits."
  }
}

variable "domain" {
  type        = string
  description = "The domain that mail is received for. One whose mail goes elsewhere takes a name below it, such as mail.example.com."

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$", var.domain))
    error_message = "A domain is like mail.example.com, in lower case and without a dot at its end."
  }
}

variable "zone" {
  type        = object({ id = string })
  description = "The hosted zone, by its id, that the MX and DKIM records are put into. Null where they are put elsewhere by hand: they are in the output."
  default     = null
}

variable "queue_arn" {
  type        = string
  description = "The queue that is told of each mail. It lets the topic in by its own policy."

  validation {
    condition     = can(regex("^arn:[a-z-]+:sqs:", var.queue_arn))
    error_message = "It is the ARN of an SQS queue."
  }
}

variable "keep_days" {
  type        = number
  description = "After how many days a mail is removed from the bucket: longer than a message may wait, so that none is gone before it was read."
  default     = 30

  validation {
    condition     = var.keep_days >= 15 && floor(var.keep_days) == var.keep_days
    error_message = "Mail is kept for 15 whole days at least: the dead-letter queue keeps what names it for 14."
  }
}

variable "deleters" {
  type        = list(string)
  description = "Who alone may delete mail before its time; modules/bucket says more."
  default     = []
}

variable "require_tls" {
  type        = bool
  description = "Whether the bucket refuses plain HTTP. Off only for the local cloud, which is reached over loopback without TLS."
  default     = true
}

variable "force_destroy" {
  type        = bool
  description = "Whether the bucket is deleted with the mail in it. Off wherever someone may still want it."
  default     = false
}
