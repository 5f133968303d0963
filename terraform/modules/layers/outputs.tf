output "arns" {
  description = "ARN of each layer's newest version, by the name that function.yaml uses."
  value       = { for name, layer in aws_lambda_layer_version.main : name => layer.arn }
}
