locals {
  memory_gib_per_unit = 2 # of an Aurora capacity unit

  # One line an alarm. `first` is what the person who is woken does first.
  alarms = merge({
    pinned = {
      metric     = "DatabaseConnectionsCurrentlySessionPinned"
      dimensions = { ProxyName = aws_db_proxy.main.name }
      above      = 0
      periods    = 3
      says       = "Sessions of the proxy ${var.name} have been pinned to their connection for a quarter of an hour, and share it with nobody."
      first      = "First look in the cluster's log of statements for SET, a named PREPARE, LISTEN, an advisory lock or a temporary table."
    }
    refused = {
      metric     = "ClientConnectionsSetupFailedAuth"
      dimensions = { ProxyName = aws_db_proxy.main.name }
      statistic  = "Sum"
      above      = 0
      says       = "The proxy ${var.name} refused a sign-in."
      first      = "First compare the function's rds-db:connect with the proxy's id, and the app secret with the role's password."
    }
    cpu = {
      metric     = "CPUUtilization"
      dimensions = { DBClusterIdentifier = aws_rds_cluster.main.cluster_identifier }
      statistic  = "Average"
      above      = 80
      periods    = 3
      says       = "The cluster ${var.name} has used over 80 % of its processors for a quarter of an hour."
      first      = "First open Performance Insights, and see which statement takes the time."
    }
    capacity = {
      metric     = "ACUUtilization"
      dimensions = { DBClusterIdentifier = aws_rds_cluster.main.cluster_identifier }
      statistic  = "Average"
      above      = 90
      periods    = 3
      says       = "The cluster ${var.name} has been within 10 % of its ${var.capacity.maximum} capacity units for a quarter of an hour."
      first      = "First see in Performance Insights whether one statement is to blame; if not, raise the maximum."
    }
    memory = {
      metric     = "FreeableMemory"
      dimensions = { DBClusterIdentifier = aws_rds_cluster.main.cluster_identifier }
      statistic  = "Minimum"
      below      = floor(var.capacity.maximum * local.memory_gib_per_unit * 1073741824 / 10) # a tenth of what the maximum has
      periods    = 3
      says       = "The cluster ${var.name} has less than a tenth of its memory free, at the most that it may scale to."
      first      = "First look for sessions that sort or hash much; if there is none, raise the maximum."
    }
    },
    var.instances > 1 ? {
      lag = {
        metric     = "AuroraReplicaLagMaximum"
        dimensions = { DBClusterIdentifier = aws_rds_cluster.main.cluster_identifier }
        above      = 2000 # ms
        periods    = 3
        says       = "A reader of the cluster ${var.name} has been more than 2 s behind the writer for a quarter of an hour."
        first      = "First see whether the reader is short of capacity: it must keep up with all that is written."
      }
    } : {},
  )
}

resource "aws_cloudwatch_metric_alarm" "main" {
  for_each = local.alarms

  alarm_name          = "${var.name}-database-${each.key}"
  alarm_description   = "${each.value.says} ${each.value.first}"
  namespace           = "AWS/RDS"
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = try(each.value.statistic, "Maximum")
  comparison_operator = can(each.value.below) ? "LessThanThreshold" : "GreaterThanThreshold"
  threshold           = try(each.value.below, each.value.above)
  period              = 300
  evaluation_periods  = try(each.value.periods, 1)
  treat_missing_data  = "notBreaching" # a cluster that paused, and a proxy that nobody uses, count nothing
  alarm_actions       = var.alarm_topics
  ok_actions          = var.alarm_topics
}

# Of the connections that the proxy may open, and not a number of its own: what the cluster takes grows with its capacity.
resource "aws_cloudwatch_metric_alarm" "connections" {
  alarm_name          = "${var.name}-database-connections"
  alarm_description   = "The proxy ${var.name} has used over 80 % of the connections that it may open for a quarter of an hour. First see whether sessions are pinned (${var.name}-database-pinned); if not, look for transactions that stay open."
  comparison_operator = "GreaterThanThreshold"
  threshold           = 80
  evaluation_periods  = 3
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_topics
  ok_actions          = var.alarm_topics

  metric_query {
    id          = "used"
    expression  = "100 * open / allowed"
    label       = "Connections in use, in percent"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = { open = "DatabaseConnections", allowed = "MaxDatabaseConnectionsAllowed" }

    content {
      id = metric_query.key

      metric {
        namespace   = "AWS/RDS"
        metric_name = metric_query.value
        dimensions  = { ProxyName = aws_db_proxy.main.name }
        stat        = "Maximum"
        period      = 300
      }
    }
  }
}
