variable "environment" {
  type        = string
  description = "Name of the environment, such as local; part of all names."

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{1,9}$", var.environment))
    error_message = "The environment is 2 to 10 lower-case letters and digits, beginning with a letter."
  }
}

variable "packages_folder" {
  type        = string
  description = "Where scripts/build puts the functions' zips."

  validation {
    condition     = length(var.packages_folder) > 0
    error_message = "The folder of the functions' zips must be named."
  }
}

variable "layers_folder" {
  type        = string
  description = "Where scripts/build puts the layers' zips."

  validation {
    condition     = length(var.layers_folder) > 0
    error_message = "The folder of the layers' zips must be named."
  }
}

variable "architecture" {
  type        = string
  description = "Processor that the packages are built for."
  default     = "x86_64"

  validation {
    condition     = contains(["x86_64", "arm64"], var.architecture)
    error_message = "The architecture is x86_64 or arm64."
  }
}

variable "cidr" {
  type        = string
  description = "Address range of the VPC."
  default     = "10.20.0.0/16"

  validation {
    condition     = can(cidrsubnet(var.cidr, 4, 15)) && try(tonumber(split("/", var.cidr)[1]) <= 24, false)
    error_message = "The range is an IPv4 CIDR of /24 or larger."
  }
}

variable "nat_per_zone" {
  type        = bool
  description = "Whether each zone has a NAT gateway of its own, so that the loss of one leaves the other its way out. Costs twice as much."
  default     = false
}

variable "database_ports" {
  type        = object({ cluster = number, proxy = number })
  description = "Where the cluster and its proxy listen. RDS Proxy always listens on 5432; only the local stand-ins listen elsewhere."
  default     = { cluster = 5432, proxy = 5432 }

  validation {
    condition     = alltrue([for port in values(var.database_ports) : port >= 1150 && port <= 65535])
    error_message = "A database port is between 1150 and 65535, as RDS asks."
  }
}

variable "cache" {
  type        = object({ port = number, tls = bool })
  description = "Where the cache listens, and whether over TLS. ElastiCache: 6379, with TLS; only the local stand-in differs."
  default     = { port = 6379, tls = true }

  validation {
    condition     = var.cache.port >= 1024 && var.cache.port <= 65535
    error_message = "The cache's port is between 1024 and 65535."
  }
}

variable "user_rate" {
  type        = object({ per_second = number, burst = number })
  description = "How often one user may ask: requests a second in the long run, and at once."
  default     = { per_second = 10, burst = 100 }

  validation {
    condition     = var.user_rate.per_second >= 1 && var.user_rate.burst >= 1
    error_message = "Rate and burst are 1 at least."
  }
}

variable "database_capacity" {
  type        = object({ minimum = number, maximum = number })
  description = "Aurora capacity units that each instance scales between."
  default     = { minimum = 0.5, maximum = 4 }

  validation {
    condition     = var.database_capacity.minimum >= 0 && var.database_capacity.maximum >= 1 && var.database_capacity.minimum <= var.database_capacity.maximum && var.database_capacity.maximum <= 256
    error_message = "Capacity is from 0 up to 256 units, the minimum not above the maximum, the maximum at least 1."
  }
}

variable "database_instances" {
  type        = number
  description = "How many instances the cluster has: the writer, and those that stand ready to take its place."
  default     = 1

  validation {
    condition     = var.database_instances >= 1 && var.database_instances <= 16 && floor(var.database_instances) == var.database_instances
    error_message = "A cluster has 1 to 16 instances."
  }
}

variable "database_ca_pem" {
  type        = string
  description = "Root in PEM that functions trust beside the public ones when they reach the database: on AWS the region's root of RDS, which signs the cluster's certificate but not the proxy's. The empty text stands for none."
  default     = ""

  validation {
    condition     = var.database_ca_pem == "" || startswith(trimspace(var.database_ca_pem), "-----BEGIN CERTIFICATE-----")
    error_message = "The root is a certificate in PEM."
  }

  validation {
    condition     = length(var.database_ca_pem) <= 3000
    error_message = "All variables of a function share 4 KB, so the root is one certificate of up to 3000 characters, not a bundle."
  }
}

variable "protect" {
  type        = bool
  description = "Whether database and users refuse deletion, and the database leaves a last snapshot."
  default     = true
}

variable "leave_nothing" {
  type        = bool
  description = "Whether a destroy also takes what was kept: old versions of layers, and all that is in the buckets."
  default     = false
}

variable "require_tls" {
  type        = bool
  description = "Whether queues and buckets refuse plain HTTP. Off only for the local cloud, which is reached over loopback without TLS."
  default     = true
}

variable "log_retention_days" {
  type        = number
  description = "How long logs are kept."
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "CloudWatch keeps logs for 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365 or 400 days, or some lengths of years."
  }
}

variable "throttle" {
  type        = object({ burst = number, rate = number })
  description = "Requests that may come at once, and each second, over all routes."
  default     = { burst = 200, rate = 100 }

  validation {
    condition     = var.throttle.burst >= 1 && var.throttle.rate >= 1
    error_message = "Burst and rate are 1 at least; 0 would shut the API."
  }
}

variable "alarm_emails" {
  type        = set(string)
  description = "Who is told by e-mail when an alarm goes off, and when it is over."
  default     = []

  validation {
    condition     = alltrue([for email in var.alarm_emails : can(regex("^[^@ ]+@[^@ ]+\\.[^@ .]+$", email))])
    error_message = "An e-mail address is like person@example.com."
  }
}

variable "access_token_minutes" {
  type        = number
  description = "How long an access token lives."
  default     = 5

  validation {
    condition     = var.access_token_minutes >= 5 && var.access_token_minutes <= 1440
    error_message = "Cognito gives access tokens from 5 minutes to 1440 (a day)."
  }
}

variable "deploy_deadline_s" {
  type        = number
  description = "Seconds from an accepted deploy to running, after which a person is told that it has an issue."
  default     = 900

  validation {
    condition     = var.deploy_deadline_s >= 60 && var.deploy_deadline_s <= 3600
    error_message = "The deadline is between 60 and 3600 seconds."
  }
}

variable "site" {
  type = object({
    aliases         = optional(list(string), [])
    certificate_arn = optional(string)
    web_acl_arn     = optional(string)
    price_class     = optional(string, "PriceClass_100")
  })
  description = "The site's own names with the ACM certificate for them, the WAF web ACL in front of it, and from where it is served; modules/cdn says more of each."
  default     = {}
}

variable "cdn_public_keys" {
  type        = map(string)
  description = "Public keys in PEM by name, that signed addresses under users/ are checked with; scripts/cdn-key makes them. Without any, users/ is not served."
  default     = {}
}
