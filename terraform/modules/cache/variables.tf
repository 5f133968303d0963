variable "name" {
  type        = string
  description = "Name of the cache, and of the user that functions sign in as."

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,39}$", var.name))
    error_message = "The name has 1 to 40 lower-case letters, digits and dashes, and begins with a letter."
  }
}

variable "access_string" {
  type        = string
  description = "What the functions' user may do, as an ElastiCache access string: keys and commands, each named."

  validation {
    condition     = startswith(var.access_string, "on ") && strcontains(var.access_string, " -@all ")
    error_message = "The user is on, and every command that it may give is named behind -@all."
  }

  validation {
    condition     = length(regexall(" (~\\*|allkeys|\\+@[a-z]+|allcommands|nopass|>\\S+)(\\s|$)", var.access_string)) == 0
    error_message = "No user has all keys, whole groups of commands or a password."
  }
}

variable "subnet_ids" {
  type        = list(string)
  description = "Private subnets, in two zones at least."

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "A serverless cache asks for subnets in two zones."
  }
}

variable "security_group_id" {
  type        = string
  description = "Group that lets the functions in."
}

variable "maximum_gb" {
  type        = number
  description = "The most that it may hold, which bounds its cost."
  default     = 1

  validation {
    condition     = var.maximum_gb >= 1 && var.maximum_gb <= 5000
    error_message = "A serverless cache holds 1 to 5000 GB."
  }
}

variable "tls" {
  type        = bool
  description = "Whether it is reached over TLS. On AWS always; the local cloud's stand-in speaks none."
  default     = true
}

variable "node_type" {
  type        = string
  description = "Size of the one node, such as cache.t4g.micro (about 12 USD a month). Null for a serverless cache."
  default     = null

  validation {
    condition     = var.node_type == null || can(regex("^cache\\.[a-z0-9]+\\.[a-z0-9]+$", var.node_type))
    error_message = "A node's size is like cache.t4g.micro."
  }
}
