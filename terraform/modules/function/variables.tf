variable "account_id" {
  type        = string
  description = "The AWS account that the function stands in."

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "An account is twelve digits."
  }
}

variable "environment" {
  type        = string
  description = "Name of the environment, such as local; part of all names."

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{1,9}$", var.environment))
    error_message = "The environment is 2 to 10 lower-case letters and digits, beginning with a letter."
  }
}

variable "name" {
  type        = string
  description = "Folder of the function under functions/: noun-verb, or me."

  validation {
    condition     = can(regex("^(me|[a-z]+(-[a-z]+)+)$", var.name)) && length(var.name) <= 40
    error_message = "A function's folder is named noun-verb, in lower-case letters and dashes, 40 characters at most."
  }
}

variable "definition" {
  type = object({
    route      = optional(string)
    queue      = optional(string)
    schedule   = optional(string)
    websocket  = optional(string)
    authorizer = optional(string)
    invoke     = optional(bool, false)
    auth       = optional(string)
    memory_mb  = number
    timeout_s  = number
    batch_size = optional(number, 1)
    access     = list(string)
    env        = list(string)
    layers     = optional(list(string), [])
  })
  description = "What function.yaml says: one trigger, memory, timeout, what it may touch, and which variables and layers it reads."

  validation {
    condition     = length([for trigger in [var.definition.route, var.definition.queue, var.definition.schedule, var.definition.websocket, var.definition.authorizer, var.definition.invoke ? "invoke" : null] : trigger if trigger != null]) == 1
    error_message = "function.yaml has exactly one trigger: route, queue, schedule, websocket, authorizer or invoke: true."
  }

  validation {
    condition     = var.definition.route == null || can(regex("^(\\$default|(GET|POST|PUT|PATCH|DELETE) (/[a-z0-9.-]+|/\\{[a-z_]+\\})+)$", var.definition.route))
    error_message = "A route is $default, or a method and a path without a slash at its end, such as GET /v1/plan/{plan_id}."
  }

  validation {
    condition     = var.definition.route == null ? var.definition.auth == null : contains(["user", "none"], coalesce(var.definition.auth, "missing"))
    error_message = "A route says auth: user or auth: none; nothing else has an auth."
  }

  validation {
    condition     = var.definition.schedule == null || can(regex("^(rate|cron)\\(.+\\)$", var.definition.schedule))
    error_message = "A schedule is rate(…) or cron(…)."
  }

  validation {
    condition     = var.definition.websocket == null || (can(regex("^(\\$(connect|disconnect|default)|[a-z]+(-[a-z]+)*)$", var.definition.websocket)) && var.websocket != null)
    error_message = "A websocket is $connect, $disconnect, $default or the action that a message names, and the environment has a WebSocket API."
  }

  validation {
    condition     = var.definition.authorizer == null || (var.definition.authorizer == "websocket" && var.websocket != null)
    error_message = "An authorizer is that of the websocket, and the environment has a WebSocket API."
  }

  validation {
    condition     = var.definition.memory_mb >= 128 && var.definition.memory_mb <= 10240
    error_message = "memory_mb is between 128 and 10240."
  }

  validation {
    condition     = var.definition.timeout_s >= 1 && var.definition.timeout_s <= (var.definition.route != null ? 29 : var.definition.websocket != null || var.definition.authorizer != null ? 28 : 900)
    error_message = "timeout_s is between 1 and 900, and at most 29 for a route and 28 for a websocket: API Gateway waits no longer than 30 and 29 s."
  }

  validation {
    condition     = var.definition.batch_size >= 1 && var.definition.batch_size <= 10
    error_message = "batch_size is between 1 and 10."
  }

  validation {
    condition     = alltrue([for word in var.definition.access : contains(["database", "database:admin", "cache", "customer:assume", "customer:monitor", "mail:send", "mail:read", "schedule:write", "websocket:post"], word) || can(regex("^(queue:[a-z]+:(send|receive)|secret:[a-z]+:read|bucket:[a-z]+:[a-z]+:(put|read|list|delete))$", word))])
    error_message = "Access words are database, database:admin, cache, customer:assume, customer:monitor, mail:send, mail:read, schedule:write, websocket:post, queue:<name>:send, queue:<name>:receive, secret:<name>:read, and bucket:<name>:<prefix>: with put, read, list or delete behind it."
  }

  validation {
    condition     = !contains(var.definition.access, "mail:send") || try(var.mail.from, null) != null
    error_message = "This environment sends no mail: it has neither a domain nor an address to send from."
  }

  validation {
    condition     = !contains(var.definition.access, "mail:read") || try(var.mail.incoming_arn, null) != null
    error_message = "This environment receives no mail: it has no domain to receive for."
  }

  validation {
    condition     = !contains(var.definition.access, "schedule:write") || var.schedules != null
    error_message = "There is no group that functions may make schedules in."
  }

  validation {
    condition     = alltrue([for name in var.definition.env : contains(keys(var.values), name)])
    error_message = "env names a variable that the environment has no value for."
  }

  validation {
    condition     = contains(var.definition.access, "cache") || length(setintersection(var.definition.env, ["REDIS_URL", "CACHE_ARN"])) == 0
    error_message = "Where the cache is (REDIS_URL, CACHE_ARN) is told to functions that have the word cache."
  }

  validation {
    condition     = alltrue([for name in var.definition.layers : contains(keys(var.layers), name)])
    error_message = "layers names a layer that there is not."
  }

  validation {
    condition     = length(var.definition.layers) <= 5
    error_message = "Lambda takes five layers at most."
  }
}

variable "values" {
  type        = map(string)
  description = "Value of every variable that a function may ask for."
}

variable "package" {
  type        = string
  description = "Path of the zip with the one executable, bootstrap."
}

variable "code_bucket" {
  type        = string
  description = "Bucket that Lambda fetches the zip from."

  validation {
    condition     = length(var.code_bucket) > 0
    error_message = "The bucket of the functions' code must be named."
  }
}

variable "layers" {
  type        = map(string)
  description = "ARN of each layer's version, by the name that function.yaml uses."
  default     = {}
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

variable "api" {
  type        = object({ id = string, execution_arn = string, authorizer_id = string })
  description = "The HTTP API that routes are added to."
}

variable "queues" {
  type        = map(string)
  description = "ARN of each queue, by the name that function.yaml uses."
}

variable "buckets" {
  type        = map(object({ arn = optional(string), prefixes = list(string) }))
  description = "ARN of each bucket by the name that function.yaml uses, and the prefixes in it that can be granted, without their slash. Without an ARN there is no such bucket here, and words about it grant nothing."
  default     = {}
}

variable "secrets" {
  type        = map(string)
  description = "ARN of each secret that can be granted, by the name that function.yaml uses."
  default     = {}
}

variable "database" {
  type = object({
    connect_arn = string
    secret_arns = list(string)
  })
  description = "What the words database and database:admin are granted on."
}

variable "cache" {
  type        = object({ connect_arns = list(string) })
  description = "What the word cache is granted on: the one cache, and the one user that functions sign in as."
}

variable "network" {
  type = object({
    subnet_ids         = list(string)
    security_group_ids = object({ functions = string, migrations = string })
  })
  description = "Where functions stand that use the database."
}

variable "schedule_group" {
  type        = string
  description = "EventBridge Scheduler group that schedules are put into."
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

variable "alarm_topics" {
  type        = list(string)
  description = "ARNs of the topics that are told when an alarm goes off, and when it is over."
  default     = []

  validation {
    condition     = alltrue([for arn in var.alarm_topics : can(regex("^arn:[a-z-]+:sns:", arn))])
    error_message = "An alarm's topic is the ARN of an SNS topic."
  }
}

variable "mail" {
  type = object({
    from                  = optional(string)
    identity_arn          = optional(string)
    configuration_set_arn = optional(string)
    incoming_arn          = optional(string)
  })
  description = "What the words mail:send and mail:read are granted on: the address that mail is sent from, its identity and configuration set, and the ARN of all received mail."
  default     = {}
  nullable    = false
}

variable "schedules" {
  type        = object({ name = string, schedules_arn = string, role_arn = string })
  description = "What the word schedule:write is granted on: modules/schedules says it."
  default     = null
}

variable "websocket" {
  type        = object({ id = string, execution_arn = string, connections_arn = string })
  description = "The WebSocket API that routes are added to, and whose connections the word websocket:post is granted on. Null where there is none."
  default     = null
}

variable "websocket_authorizer_id" {
  type        = string
  description = "The authorizer that stands before $connect. Null where there is none, and so no $connect."
  default     = null
}

variable "permissions_boundary_arn" {
  type        = string
  description = "The most that the function's roles may do: modules/role-boundary makes it."

  validation {
    condition     = can(regex("^arn:[a-z-]+:iam::[0-9]{12}:policy/[^*]+$", var.permissions_boundary_arn))
    error_message = "A role has a boundary, which is the ARN of a policy of an account's own."
  }
}
