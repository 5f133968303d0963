variable "name" {
  type        = string
  description = "Prefix of all names, such as cloudsail-local."

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,30}$", var.name))
    error_message = "The name is 3 to 31 lower-case letters, digits and dashes, beginning with a letter."
  }
}

variable "cidr" {
  type        = string
  description = "Address range of the VPC. A public and a private subnet a zone, of a 16th each, are cut from it."

  validation {
    condition     = can(cidrsubnet(var.cidr, 4, 15)) && try(tonumber(split("/", var.cidr)[1]) <= 24, false)
    error_message = "The range is an IPv4 CIDR of /24 or larger: each subnet is a 16th of it, and AWS wants at least /28."
  }
}

variable "ports" {
  type = object({
    cluster = optional(number, 5432)
    proxy   = optional(number, 5432)
    cache   = optional(number, 6379)
  })
  description = "Where the database cluster, its proxy and the cache listen. RDS Proxy always listens on 5432 for PostgreSQL, ElastiCache on 6379."
  default     = {}

  validation {
    condition     = alltrue([for port in values(var.ports) : port >= 1150 && port <= 65535])
    error_message = "A port is between 1150 and 65535, as RDS asks."
  }
}

variable "nat_per_zone" {
  type        = bool
  description = "Whether each zone has a NAT gateway of its own, so that the loss of one leaves the others their way out. Each costs about 33 USD a month, and its traffic."
  default     = false
}

variable "account_id" {
  type        = string
  description = "The AWS account that the network stands in."

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "An account is twelve digits."
  }
}

variable "zones" {
  type        = number
  description = "In how many zones there are subnets. Aurora asks for two."
  default     = 2

  validation {
    condition     = contains([2, 3], var.zones)
    error_message = "There are subnets in 2 zones or in 3."
  }
}

variable "interface_endpoints" {
  type        = set(string)
  description = "AWS services that are reached without the NAT gateway, such as sqs. Each costs about 8 USD a month in each zone, and 0.01 USD a GB; S3 has a gateway endpoint, which costs nothing."
  default     = []

  validation {
    condition     = alltrue([for service in var.interface_endpoints : can(regex("^[a-z0-9]+([.-][a-z0-9]+)*$", service)) && !contains(["s3", "dynamodb"], service)])
    error_message = "A service is named as in com.amazonaws.<region>.<service>, such as sqs or ecr.api. S3 has its gateway endpoint."
  }
}

variable "bastion" {
  type        = bool
  description = "Whether there is a security group for a bastion, which may reach the proxy and the cluster."
  default     = false
}

variable "flow_logs" {
  type        = bool
  description = "Whether the flows of the VPC are logged."
  default     = true
}

variable "flow_log_retention_days" {
  type        = number
  description = "How long flow logs are kept."
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.flow_log_retention_days)
    error_message = "CloudWatch keeps logs for 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365 or 400 days, or some lengths of years."
  }
}

variable "permissions_boundary_arn" {
  type        = string
  description = "The most that the role of the flow logs may do: modules/role-boundary makes it."

  validation {
    condition     = can(regex("^arn:[a-z-]+:iam::[0-9]{12}:policy/[^*]+$", var.permissions_boundary_arn))
    error_message = "A role has a boundary, which is the ARN of a policy of an account's own."
  }
}
