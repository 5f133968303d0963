variable "name" {
  type        = string
  description = "Name of the dashboard, and what the functions' names begin with, such as cloudsail-dev."

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,100}$", var.name))
    error_message = "The name is up to 100 letters, digits, dashes and underscores."
  }
}

variable "api_id" {
  type        = string
  description = "The HTTP API."
}

variable "queues" {
  type        = list(string)
  description = "Names of the queues; their dead-letter queues' end in -dead."

  validation {
    condition     = length(var.queues) > 0 && alltrue([for name in var.queues : can(regex("^[A-Za-z0-9_-]{1,75}$", name))])
    error_message = "At least one queue, by its name and not its URL or ARN."
  }
}

variable "database" {
  type        = string
  description = "Name of the cluster, and of its proxy."
}
