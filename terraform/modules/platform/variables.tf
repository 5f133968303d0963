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
  type        = object({ port = number, tls = bool, node_type = optional(string) })
  description = "Where the cache listens, and whether over TLS. ElastiCache: 6379, with TLS; only the local stand-in differs. A node_type, such as cache.t4g.micro, asks for a node in the place of a serverless cache."
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

variable "customer_calls" {
  type        = object({ per_second = number, burst = number })
  description = "How often the engine calls one customer's account: requests a second in the long run, and at once. EC2 grants each account and region, for each kind of call that changes nothing, 20 a second and 100 at once."
  default     = { per_second = 20, burst = 100 }

  validation {
    condition     = var.customer_calls.per_second >= 1 && var.customer_calls.burst >= 1
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

variable "reconcile_grace_s" {
  type        = number
  description = "Seconds for which what is found in a customer's account is not judged: a call that made it may not have ended."
  default     = 900

  validation {
    condition     = var.reconcile_grace_s >= 5 && var.reconcile_grace_s <= 3600
    error_message = "The grace is between 5 and 3600 seconds."
  }
}

variable "undo_window_s" {
  type        = number
  description = "Seconds in which a destroy can be undone: so long what ran is only stopped, and its disk goes on costing."
  default     = 86400

  validation {
    condition     = var.undo_window_s >= 3600 && var.undo_window_s <= 30 * 86400
    error_message = "The window is between an hour and 30 days: 3600 to 2592000 seconds."
  }
}

variable "site" {
  type = object({
    aliases         = optional(list(string), [])
    certificate_arn = optional(string)
    web_acl_arn     = optional(string)
    price_class     = optional(string, "PriceClass_100")
  })
  description = "The site's own names with the ACM certificate for them, where they are not the domain; the WAF web ACL in front of it, and from where it is served; modules/cdn says more of each."
  default     = {}

  validation {
    condition     = (length(var.site.aliases) == 0) == (var.site.certificate_arn == null)
    error_message = "Own names and the certificate for them come together; the domain's name gets one of its own."
  }
}

variable "cdn_public_keys" {
  type        = map(string)
  description = "Public keys in PEM by name, that signed addresses under users/ are checked with; scripts/cdn-key makes them. Without any, users/ is not served."
  default     = {}
}

variable "domain" {
  type        = string
  description = "The environment's own domain, such as cloudsail.example.com: names, certificates and mail. Null makes none of them."
  default     = null
}

variable "zone_id" {
  type        = string
  description = "The domain's hosted zone, where there is one. Null makes one, whose name servers the registrar is told by hand."
  default     = null

  validation {
    condition     = var.zone_id == null || var.domain != null
    error_message = "A hosted zone is of use with its domain only."
  }
}

variable "mail" {
  type = object({
    from            = optional(string)
    incoming_domain = optional(string)
    keep_days       = optional(number, 30)
    spf_includes    = optional(list(string), ["amazonses.com"])
    root_texts      = optional(list(string), [])
    dmarc           = optional(object({ policy = string, reports_to = optional(string) }), { policy = "quarantine" })
  })
  description = "The address that mail is sent from (with a domain: noreply@ it, unless told otherwise), the domain that mail is received for and how long it is kept, and what the domain's records say; modules/mail-outgoing and modules/mail-incoming say more of each."
  default     = {}

  validation {
    condition     = var.mail.from == null || var.domain == null || try(endswith(var.mail.from, "@${var.domain}"), false)
    error_message = "Mail is sent from an address of the environment's own domain."
  }

  validation {
    condition     = var.mail.incoming_domain == null || var.domain == null || try(var.mail.incoming_domain == var.domain || endswith(var.mail.incoming_domain, ".${var.domain}"), false)
    error_message = "Mail is received for the environment's own domain, or a name below it."
  }
}

variable "sign_in" {
  type = object({
    callback_urls     = optional(list(string), [])
    logout_urls       = optional(list(string), [])
    google            = optional(object({ client_id = string, secret_arn = string }))
    mfa               = optional(string, "OFF")
    threat_protection = optional(string, "OFF")
    password_policy = optional(object({
      minimum_length    = optional(number, 12)
      require_lowercase = optional(bool, false)
      require_numbers   = optional(bool, false)
      require_symbols   = optional(bool, false)
      require_uppercase = optional(bool, false)
    }), {})
    triggers = optional(map(string), {})
  })
  description = "How people sign in: with callback addresses on Cognito's page too, by Google with its client, with a second factor, watched for theft, with functions called on the way; modules/identity says more of each."
  default     = {}
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
}

variable "flow_logs" {
  type        = bool
  description = "Whether the flows of the VPC are logged."
  default     = true
}

variable "bastion" {
  type        = bool
  description = "Whether there is a machine through which people reach the database; see scripts/tunnel. About 4 USD a month."
  default     = false
}

variable "backup_retention_days" {
  type        = number
  description = "How long the database's backups are kept, and how far back it can be restored to any second."
  default     = 14

  validation {
    condition     = var.backup_retention_days >= 1 && var.backup_retention_days <= 35 && floor(var.backup_retention_days) == var.backup_retention_days
    error_message = "Aurora keeps backups for 1 to 35 days."
  }
}

variable "performance_insights" {
  type        = bool
  description = "Whether the database's load by statement and by wait is kept for a week. Off only for the local cloud, whose emulator forgets the key."
  default     = true
}

variable "gateway_url" {
  type        = string
  description = "Where the local cloud's API Gateway answers, before an API's id. Null on AWS, where each API has a host of its own."
  default     = null
}

variable "monthly_budget_usd" {
  type        = number
  description = "US dollars that a month of the environment may cost, before people are told. Null where nothing costs."
  default     = null
}

variable "permissions_boundary_arn" {
  type        = string
  description = "The most that any role of the environment may do: modules/role-boundary makes it."

  validation {
    condition     = can(regex("^arn:[a-z-]+:iam::[0-9]{12}:policy/[^*]+$", var.permissions_boundary_arn))
    error_message = "A role has a boundary, which is the ARN of a policy of an account's own."
  }
}
