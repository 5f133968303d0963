mock_provider "aws" {}

variables {
  name            = "cloudsail-test"
  packages_folder = "packages"
  code_bucket     = "cloudsail-test-code"
}

run "a_layer_for_each_folder" {
  command = plan

  assert {
    condition     = toset(keys(aws_lambda_layer_version.main)) == setunion(["ca-bundle"], [for file in fileset("../../../layers", "*/*") : dirname(file)])
    error_message = "Each folder of layers/ is a layer, and so are the roots that scripts/build fetches."
  }

  assert {
    condition     = alltrue([for layer in values(aws_lambda_layer_version.main) : layer.skip_destroy])
    error_message = "Old versions stay for a rollback, unless told otherwise."
  }
}

run "reject_name_too_long" {
  command = plan

  variables {
    name = "cloudsail-with-a-name-that-leaves-no-room-for-a-layers-own"
  }

  expect_failures = [var.name]
}

run "reject_no_folder" {
  command = plan

  variables {
    packages_folder = ""
  }

  expect_failures = [var.packages_folder]
}
