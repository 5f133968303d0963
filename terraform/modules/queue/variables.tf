variable "name" {
  type        = string
  description = "Name of the queue; its dead-letter queue's ends in -dead."

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,75}$", var.name))
    error_message = "A queue's name is up to 75 letters, digits, dashes and underscores, so that the dead-letter queue's fits into 80."
  }
}

variable "visibility_timeout_s" {
  type        = number
  description = "How long a message is hidden from others once received: longer than the function that handles it may run."
  default     = 90

  validation {
    condition     = var.visibility_timeout_s >= 1 && var.visibility_timeout_s <= 43200
    error_message = "The visibility timeout is between 1 and 43200 seconds."
  }
}

variable "max_receives" {
  type        = number
  description = "After how many tries a message goes to the dead-letter queue."
  default     = 5

  validation {
    condition     = var.max_receives >= 2 && var.max_receives <= 1000
    error_message = "At least 2 tries: one alone would give up a message whenever a worker is killed."
  }
}

variable "require_tls" {
  type        = bool
  description = "Whether plain HTTP is refused. Off only for the local cloud, whose functions reach it over loopback without TLS."
  default     = true
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
