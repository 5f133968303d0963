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
  description = "Address range of the VPC. Four subnets of a 16th each are cut from it."

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
  description = "Whether each zone has a NAT gateway of its own, so that the loss of one leaves the other its way out. Costs twice as much."
  default     = false
}
