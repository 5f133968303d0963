provider "aws" {
  region              = var.region
  allowed_account_ids = [var.account_id] # credentials of another account are refused before anything is done

  default_tags {
    tags = {
      project     = "cloudsail"
      environment = "bootstrap"
    }
  }
}
