# The names of this environment, its mail in both directions, the queues of each, and schedules that functions make.

locals {
  from  = var.mail.from != null ? var.mail.from : var.domain != null ? "noreply@${var.domain}" : null
  sends = local.from != null
  hears = var.mail.incoming_domain != null

  # Within an object, so that a plan knows whether there is a zone before it knows which.
  zone = var.domain == null ? null : { id = module.dns[0].zone_id }
}

module "dns" {
  source = "../dns"
  count  = var.domain == null ? 0 : 1

  domain  = var.domain
  zone_id = var.zone_id
}

module "certificate_api" {
  source = "../certificate"
  count  = var.domain == null ? 0 : 1

  domain  = "api.${var.domain}"
  zone_id = local.zone.id
}

module "certificate_cdn" {
  source    = "../certificate"
  count     = local.site_by_domain ? 1 : 0
  providers = { aws = aws.us_east_1 }

  domain  = var.domain
  zone_id = local.zone.id
}

module "mail_outgoing" {
  source = "../mail-outgoing"
  count  = local.sends ? 1 : 0

  name               = local.name
  account_id         = data.aws_caller_identity.current.account_id
  identity           = var.domain != null ? var.domain : local.from
  zone               = local.zone
  spf_includes       = var.mail.spf_includes
  root_texts         = var.mail.root_texts
  dmarc              = var.mail.dmarc
  feedback_queue_arn = module.queue["feedback"].arn
  alarm_topics       = [module.alarms.topic_arn]
}

module "mail_incoming" {
  source    = "../mail-incoming"
  count     = local.hears ? 1 : 0
  providers = { aws = aws.mail }

  name          = local.name
  account_id    = data.aws_caller_identity.current.account_id
  domain        = var.mail.incoming_domain
  zone          = local.zone
  queue_arn     = module.queue["mail"].arn
  keep_days     = var.mail.keep_days
  deleters      = local.deleters
  require_tls   = var.require_tls
  force_destroy = var.leave_nothing
}

locals {
  # Who may send to a queue besides functions: mail is told of each mail that came, feedback of what became of those sent.
  # By [0], since Terraform takes [*] for all that is in the module, which waits for the queues.
  senders = {
    mail     = local.hears ? { topic = { service = "sns.amazonaws.com", arn = module.mail_incoming[0].topic_arn } } : {}
    feedback = local.sends ? { rule = { service = "events.amazonaws.com", arn = module.mail_outgoing[0].feedback_rule_arn } } : {}
  }
}

module "queue" {
  source   = "../queue"
  for_each = toset(["email", "image", "mail", "feedback"])

  name         = "${local.name}-${each.key}"
  senders      = lookup(local.senders, each.key, {})
  alarm_topics = [module.alarms.topic_arn]
  require_tls  = var.require_tls
}

module "schedules" {
  source = "../schedules"

  name       = "${local.name}-messages"
  account_id = data.aws_caller_identity.current.account_id
  queues     = { email = module.queue["email"].arn, jobs = module.jobs.arn }

  permissions_boundary_arn = var.permissions_boundary_arn
}

locals {
  queues = merge({ jobs = module.jobs.arn }, { for name, queue in module.queue : name => queue.arn })

  mail_grants = {
    from                  = local.from
    identity_arn          = one(module.mail_outgoing[*].identity_arn)
    configuration_set_arn = one(module.mail_outgoing[*].configuration_set.arn)
    incoming_arn          = one(module.mail_incoming[*].bucket.mail_arn)
  }

  # What is not here is asked for by no function, or the plan says so.
  mail_values = merge(
    { for name, queue in module.queue : "${upper(name)}_QUEUE_URL" => queue.url },
    { SCHEDULE_GROUP = module.schedules.group.name, SCHEDULE_ROLE_ARN = module.schedules.group.role_arn },
    local.sends ? { MAIL_FROM = local.from, MAIL_CONFIGURATION_SET = module.mail_outgoing[0].configuration_set.name } : {},
    # Empty where no mail is received: the clean-up job runs there too.
    { MAIL_BUCKET = local.hears ? module.mail_incoming[0].bucket.name : "", MAIL_BUCKET_REGION = local.hears ? module.mail_incoming[0].bucket.region : "" },
  )

  # Mails of Cognito's go through SES where there is a domain: a single address is for trying out.
  sign_in_email = var.domain == null ? null : {
    from              = local.from
    identity_arn      = module.mail_outgoing[0].identity_arn
    configuration_set = module.mail_outgoing[0].configuration_set.name
  }

  # The page's name is shared by all of AWS, so it holds the account's number.
  sign_in_page = length(var.sign_in.callback_urls) == 0 ? null : {
    domain        = "${local.name}-${data.aws_caller_identity.current.account_id}"
    callback_urls = var.sign_in.callback_urls
    logout_urls   = var.sign_in.logout_urls
  }

  # The local cloud's page is the emulator itself.
  sign_in_address = local.sign_in_page == null || var.gateway_url == null ? module.identity.page : regex("^https?://[^/]+", var.gateway_url)

  api_domain = var.domain == null ? null : {
    name            = "api.${var.domain}"
    certificate_arn = module.certificate_api[0].arn
    zone_id         = local.zone.id
  }
}

output "name_servers" {
  description = "What the registrar must name for the domain, where there is one."
  value       = one(module.dns[*].name_servers)
}

output "mail_records" {
  description = "Records of mail in both directions, in the domain's zone or to be made by hand."
  value       = concat(flatten(module.mail_outgoing[*].records), flatten(module.mail_incoming[*].records))
}

output "cdn_certificate_arn" {
  description = "Certificate that was made for the site's name, where that is the domain."
  value       = one(module.certificate_cdn[*].arn)
}

output "sign_in_page" {
  description = "Cognito's page to sign in on, where there is one."
  value       = module.identity.page
}

output "queue_urls" {
  description = "URL of each queue but jobs, by its name."
  value       = { for name, queue in module.queue : name => queue.url }
}
