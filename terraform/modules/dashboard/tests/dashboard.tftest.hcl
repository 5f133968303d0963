mock_provider "aws" {
  mock_data "aws_region" {
    defaults = { name = "ca-central-1" }
  }
}

variables {
  name     = "cloudsail-test"
  api_id   = "api1"
  queues   = ["cloudsail-test-jobs"]
  database = "cloudsail-test"
}

run "five_rows_of_three_panels" {
  command = plan

  assert {
    condition     = [for widget in jsondecode(aws_cloudwatch_dashboard.main.dashboard_body).widgets : widget.properties.markdown if widget.type == "text"] == ["## API", "## Functions", "## Queues", "## Database", "## Deployments"]
    error_message = "The API, functions, queues, database and deployments each have a row."
  }

  assert {
    condition     = length(distinct([for widget in jsondecode(aws_cloudwatch_dashboard.main.dashboard_body).widgets : "${widget.x} ${widget.y}"])) == 20
    error_message = "No panel covers another."
  }

  assert {
    condition     = [for widget in jsondecode(aws_cloudwatch_dashboard.main.dashboard_body).widgets : widget.properties.metrics if try(widget.properties.title, "") == "Given up"] == [[["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", "cloudsail-test-jobs-dead"]]]
    error_message = "What was given up is what lies in the dead-letter queue."
  }

  assert {
    condition     = [for widget in jsondecode(aws_cloudwatch_dashboard.main.dashboard_body).widgets : widget.properties.metrics if try(widget.properties.title, "") == "Errors"] == [[[{ expression = "SEARCH('{AWS/Lambda,FunctionName} MetricName=\"Errors\" FunctionName=\"cloudsail-test-\"', 'Sum', 300)" }]]]
    error_message = "Functions are found by the environment's prefix."
  }
}

# The panels ask for these very words, which are the worker's: engine/src/run.rs.
run "the_worker_says_what_is_asked_for" {
  command = plan

  assert {
    condition = alltrue([for words in flatten([for widget in jsondecode(aws_cloudwatch_dashboard.main.dashboard_body).widgets : regexall("message = \"([^\"]+)\"", widget.properties.query) if widget.type == "log"]) :
      strcontains(file("../../../shared/engine/src/run.rs"), words)
    ])
    error_message = "The worker's log has no line of these words any more."
  }
}

run "reject_queue_by_arn" {
  command = plan

  variables {
    queues = ["arn:aws:sqs:ca-central-1:000000000000:jobs"]
  }

  expect_failures = [var.queues]
}

run "reject_name_with_space" {
  command = plan

  variables {
    name = "cloudsail test"
  }

  expect_failures = [var.name]
}
