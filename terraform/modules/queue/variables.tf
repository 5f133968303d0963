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

variable "senders" {
  type        = map(object({ service = string, arn = string }))
  description = "AWS services that may send to the queue, by a short name in letters, each for one topic or rule of this account: { topic = { service = \"sns.amazonaws.com\", arn = … } }."
  default     = {}

  validation {
    condition     = alltrue([for name, sender in var.senders : can(regex("^[a-z]+$", name)) && can(regex("^[a-z0-9.-]+\\.amazonaws\\.com$", sender.service))])
    error_message = "A sender has a name in lower-case letters and a service such as sns.amazonaws.com."
  }

  validation {
    condition     = alltrue([for sender in values(var.senders) : can(regex("^arn:[a-z-]+:[a-z0-9-]+:[a-z0-9-]+:[0-9]{12}:[^*]+$", sender.arn))])
    error_message = "A sender is one ARN, without a *."
  }
}

variable "longest_wait_s" {
  type        = number
  description = "How long a message may wait before an alarm goes off."
  default     = 900

  validation {
    condition     = var.longest_wait_s >= 60 && var.longest_wait_s <= 345600
    error_message = "A message may wait from 60 seconds to 345600 (4 days), after which SQS drops it."
  }
}

variable "most_waiting" {
  type        = number
  description = "How many messages may wait before an alarm goes off."
  default     = 1000

  validation {
    condition     = var.most_waiting >= 1
    error_message = "At least 1 message may wait."
  }
}
