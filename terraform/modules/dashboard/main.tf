data "aws_region" "current" {}

locals {
  place = { region = data.aws_region.current.name }

  # One row a group, each of three panels of a third of the width. A panel has metrics, or a query over logs.
  rows = [
    { title = "API", panels = [
      { title = "Requests", stat = "Sum", metrics = [["AWS/ApiGateway", "Count", "ApiId", var.api_id]] },
      { title = "Refused and failed", stat = "Sum", metrics = [for name in ["4xx", "5xx"] : ["AWS/ApiGateway", name, "ApiId", var.api_id]] },
      { title = "Latency (ms)", stat = "p99", metrics = [for name in ["Latency", "IntegrationLatency"] : ["AWS/ApiGateway", name, "ApiId", var.api_id]] },
    ] },
    # By a search over the environment's prefix: a panel takes 500 metrics at most, and new functions come without an apply.
    { title = "Functions", panels = [for panel in [["Calls", "Invocations", "Sum"], ["Errors", "Errors", "Sum"], ["Duration (ms)", "Duration", "p99"]] : {
      title = panel[0], stat = panel[2], metrics = [[{ expression = "SEARCH('{AWS/Lambda,FunctionName} MetricName=\"${panel[1]}\" FunctionName=\"${var.name}-\"', '${panel[2]}', 300)" }]]
    }] },
    { title = "Queues", panels = [
      { title = "Messages that wait", stat = "Maximum", metrics = [for name in var.queues : ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", name]] },
      { title = "Age of the oldest (s)", stat = "Maximum", metrics = [for name in var.queues : ["AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", name]] },
      { title = "Given up", stat = "Maximum", metrics = [for name in var.queues : ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", "${name}-dead"]] },
    ] },
    { title = "Database", panels = [
      { title = "Capacity and processors in use (%)", stat = "Average", metrics = [for name in ["ACUUtilization", "CPUUtilization"] : ["AWS/RDS", name, "DBClusterIdentifier", var.database]] },
      { title = "Connections of the proxy", stat = "Maximum", metrics = [for name in ["DatabaseConnections", "MaxDatabaseConnectionsAllowed", "DatabaseConnectionsCurrentlySessionPinned"] : ["AWS/RDS", name, "ProxyName", var.database]] },
      { title = "Commit latency and lag of readers (ms)", stat = "Average", metrics = [for name in ["CommitLatency", "AuroraReplicaLagMaximum"] : ["AWS/RDS", name, "DBClusterIdentifier", var.database]] },
    ] },
    # The rows of strands are in the database; what becomes of each step is in the worker's log.
    { title = "Deployments", panels = [
      { title = "Deploys and deletions asked for", stat = "Sum", metrics = [for name in ["plan-deploy", "deployment-delete", "deployment-cancel", "deployment-undelete"] : ["AWS/Lambda", "Invocations", "FunctionName", "${var.name}-${name}"]] },
      { title = "Steps that were tried again", query = "filter message = \"the step is tried again\" | stats count() as tries by label, reason | sort tries desc" },
      { title = "Strands that wait for a person", query = "filter message = \"the strand waits for a person\" | fields @timestamp, strand, label, reason | sort @timestamp desc" },
    ] },
  ]

  heights = { title = 1, panel = 6 }
}

resource "aws_cloudwatch_dashboard" "main" {
  dashboard_name = var.name

  dashboard_body = jsonencode({
    widgets = flatten([for row, group in local.rows : concat(
      [{
        type       = "text", x = 0, y = row * (local.heights.title + local.heights.panel), width = 24, height = local.heights.title
        properties = { markdown = "## ${group.title}" }
      }],
      [for column, panel in group.panels : {
        type = can(panel.query) ? "log" : "metric"
        x    = column * 8, y = row * (local.heights.title + local.heights.panel) + local.heights.title, width = 8, height = local.heights.panel
        properties = merge(local.place, { title = panel.title }, try(
          { view = "table", query = "SOURCE '/aws/lambda/${var.name}-worker-jobs' | ${panel.query} | limit 20" },
          { view = "timeSeries", period = 300, stat = panel.stat, metrics = panel.metrics },
        ))
      }],
    )])
  })
}
