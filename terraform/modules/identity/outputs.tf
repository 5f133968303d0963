output "user_pool_id" {
  description = "The user pool."
  value       = aws_cognito_user_pool.main.id
}

output "client_id" {
  description = "The client that the functions sign people in with, and the audience of their tokens."
  value       = aws_cognito_user_pool_client.main.id
}

output "refresh_token_days" {
  description = "How long a person stays signed in without the password, for the cookie that holds the refresh token."
  value       = var.refresh_token_days
}

output "issuer" {
  description = "Who signs the tokens."
  value       = "https://cognito-idp.${data.aws_region.current.name}.amazonaws.com/${aws_cognito_user_pool.main.id}"
}

output "page" {
  description = "Where people sign in on Cognito's page, or null where there is none."
  value = !local.has_page ? null : (var.page.certificate_arn == null
    ? "https://${var.page.domain}.auth.${data.aws_region.current.name}.amazoncognito.com"
  : "https://${var.page.domain}")

  depends_on = [aws_cognito_user_pool_domain.main]
}
