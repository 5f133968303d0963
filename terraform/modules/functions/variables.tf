variable "folder" {
  type        = string
  description = "Where the functions' folders are, each with its function.yaml."

  validation {
    condition     = length(fileset(var.folder, "*/function.yaml")) > 0
    error_message = "There is no function.yaml one level below this folder."
  }

  # Terraform would leave out in silence what it does not know.
  validation {
    condition = alltrue([for file in fileset(var.folder, "*/function.yaml") :
      length(setsubtract(keys(yamldecode(file("${var.folder}/${file}"))), ["route", "queue", "schedule", "websocket", "authorizer", "invoke", "auth", "memory_mb", "timeout_s", "batch_size", "access", "env", "layers"])) == 0
    ])
    error_message = "A function.yaml says something that is not known; is a word misspelt?"
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

variable "account_id" {
  type        = string
  description = "The AWS account that the functions stand in."

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

variable "values" {
  type        = map(string)
  description = "Value of every variable that a function may ask for."
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

variable "alarm_topics" {
  type        = list(string)
  description = "ARNs of the topics that are told when an alarm goes off, and when it is over."
  default     = []

  validation {
    condition     = alltrue([for arn in var.alarm_topics : can(regex("^arn:[a-z-]+:sns:", arn))])
    error_message = "An alarm's topic is the ARN of an SNS topic."
  }
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
  description = "The most that the functions' roles may do: modules/role-boundary makes it."

  validation {
    condition     = can(regex("^arn:[a-z-]+:iam::[0-9]{12}:policy/[^*]+$", var.permissions_boundary_arn))
    error_message = "A role has a boundary, which is the ARN of a policy of an account's own."
  }
}
