terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"

      # CloudFront is run from the first, whatever the environment's own region; SES receives mail in the second.
      configuration_aliases = [aws.us_east_1, aws.mail]
    }
  }
}
