variable "name" {
  type        = string
  description = "Prefix of the budget's name, such as cloudsail-dev."

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,90}$", var.name))
    error_message = "The name is up to 90 letters, digits, dashes and underscores."
  }
}

variable "monthly_usd" {
  type        = number
  description = "US dollars that a month may cost."

  validation {
    condition     = var.monthly_usd > 0
    error_message = "A budget is more than nothing."
  }
}

variable "tag" {
  type        = object({ key = string, value = string })
  description = "Tag of the resources whose cost counts, such as environment = dev."
}

variable "topic_arn" {
  type        = string
  description = "Topic that is told; it must let budgets.amazonaws.com publish."

  validation {
    condition     = can(regex("^arn:[a-z-]+:sns:", var.topic_arn))
    error_message = "The topic is the ARN of an SNS topic."
  }
}

variable "emails" {
  type        = set(string)
  description = "Who is told besides, past the topic; up to ten."
  default     = []

  validation {
    condition     = length(var.emails) <= 10 && alltrue([for email in var.emails : can(regex("^[^@ ]+@[^@ ]+\\.[^@ .]+$", email))])
    error_message = "Up to ten e-mail addresses, each like person@example.com."
  }
}
