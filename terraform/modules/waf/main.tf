# What stands before the CDN. An HTTP API can't have a web ACL, and neither can a WebSocket API: what reaches them past the CDN meets
# their own throttling, and the JWT authorizer. A CloudFront distribution takes an ACL of scope CLOUDFRONT, which is made in
# us-east-1: the caller gives this module a provider of that region.
locals {
  # AWS's own groups of rules, in the order they are asked. Each may be told only to count while it is new.
  groups = {
    reputation = { name = "AWSManagedRulesAmazonIpReputationList", priority = 10 }
    common     = { name = "AWSManagedRulesCommonRuleSet", priority = 20 }
    inputs     = { name = "AWSManagedRulesKnownBadInputsRuleSet", priority = 30 }
  }
}

resource "aws_wafv2_web_acl" "main" {
  name        = var.name
  description = "Rules of AWS, and a limit for each address"
  scope       = var.scope

  default_action {
    allow {}
  }

  # First, so that a flood is not paid for by the group.
  rule {
    name     = "rate"
    priority = 0

    action {
      block {}
    }

    statement {
      rate_based_statement {
        aggregate_key_type    = "IP"
        limit                 = var.requests_per_5_minutes
        evaluation_window_sec = 300
      }
    }

    visibility_config {
      cloudwatch_metrics_enabled = true
      sampled_requests_enabled   = true
      metric_name                = "${var.name}-rate"
    }
  }

  dynamic "rule" {
    for_each = local.groups

    content {
      name     = rule.key
      priority = rule.value.priority

      override_action {
        dynamic "count" {
          for_each = contains(var.counted, rule.key) ? ["count"] : []
          content {}
        }
        dynamic "none" {
          for_each = contains(var.counted, rule.key) ? [] : ["none"]
          content {}
        }
      }

      statement {
        managed_rule_group_statement {
          vendor_name = "AWS"
          name        = rule.value.name
        }
      }

      visibility_config {
        cloudwatch_metrics_enabled = true
        sampled_requests_enabled   = true
        metric_name                = "${var.name}-${rule.key}"
      }
    }
  }

  visibility_config {
    cloudwatch_metrics_enabled = true
    sampled_requests_enabled   = true
    metric_name                = var.name
  }
}
