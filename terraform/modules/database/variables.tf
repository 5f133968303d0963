variable "name" {
  type        = string
  description = "Prefix of all names, such as cloudsail-local."
}

variable "subnet_ids" {
  type        = list(string)
  description = "Private subnets, in two zones at least."

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "Aurora needs subnets in two zones at least."
  }
}

variable "security_group_ids" {
  type        = object({ cluster = string, proxy = string })
  description = "Security groups of the cluster and of its proxy."
}

variable "engine_version" {
  type        = string
  description = "Version of Aurora PostgreSQL, with its minor."
  default     = "16.8"

  validation {
    condition     = can(regex("^1[6-9]\\.[0-9]+$", var.engine_version))
    error_message = "The version is 16 or newer with its minor, such as 16.8."
  }
}

variable "ports" {
  type = object({
    cluster = optional(number, 5432)
    proxy   = optional(number, 5432)
  })
  description = "Where the cluster and the proxy listen. RDS Proxy has no setting for it; only the local cloud's stand-in listens elsewhere."
  default     = {}
}

variable "capacity" {
  type        = object({ minimum = number, maximum = number })
  description = "Aurora capacity units that the cluster scales between; a minimum of 0 lets it pause."
  default     = { minimum = 0.5, maximum = 4 }

  validation {
    condition     = var.capacity.minimum >= 0 && var.capacity.maximum >= 1 && var.capacity.minimum <= var.capacity.maximum && var.capacity.maximum <= 256
    error_message = "Capacity is from 0 up to 256 units, the minimum not above the maximum, the maximum at least 1."
  }
}

variable "instances" {
  type        = number
  description = "How many instances the cluster has: the writer, and the readers, which stand ready to take its place."
  default     = 1

  validation {
    condition     = var.instances >= 1 && var.instances <= 16 && floor(var.instances) == var.instances
    error_message = "A cluster has 1 to 16 instances."
  }
}

variable "password_version" {
  type        = number
  description = "Raise it to have the password of the role that the proxy signs in as made anew on the next apply. RDS changes the other one, of the role that owns the schema, by itself."
  default     = 1

  validation {
    condition     = var.password_version >= 1 && floor(var.password_version) == var.password_version
    error_message = "The version is a whole number from 1 up."
  }
}

variable "protect" {
  type        = bool
  description = "Whether the cluster refuses deletion and leaves a last snapshot. Off only where the data is for trying out."
  default     = true
}

variable "backup_retention_days" {
  type        = number
  description = "How long backups are kept, and how far back the cluster can be restored to any second."
  default     = 14

  validation {
    condition     = var.backup_retention_days >= 1 && var.backup_retention_days <= 35 && floor(var.backup_retention_days) == var.backup_retention_days
    error_message = "Aurora keeps backups for 1 to 35 days."
  }
}

variable "performance_insights" {
  type        = bool
  description = "Whether the load by statement and by wait is kept for a week. Off only for the local cloud, whose emulator forgets the key."
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

variable "permissions_boundary_arn" {
  type        = string
  description = "The most that the proxy's role may do: modules/role-boundary makes it."

  validation {
    condition     = can(regex("^arn:[a-z-]+:iam::[0-9]{12}:policy/[^*]+$", var.permissions_boundary_arn))
    error_message = "A role has a boundary, which is the ARN of a policy of an account's own."
  }
}
