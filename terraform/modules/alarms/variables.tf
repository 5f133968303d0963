variable "name" {
  type        = string
  description = "Prefix of the topic's name, such as cloudsail-local."

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,249}$", var.name))
    error_message = "The name is letters, digits, dashes and underscores, so that the topic's fits into 256."
  }
}

variable "emails" {
  type        = set(string)
  description = "Who is told by e-mail when an alarm goes off, and when it is over."
  default     = []

  validation {
    condition     = alltrue([for email in var.emails : can(regex("^[^@ ]+@[^@ ]+\\.[^@ .]+$", email))])
    error_message = "An e-mail address is like person@example.com."
  }
}
