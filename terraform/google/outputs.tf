output "project_number" {
  description = "The project's number, with which the client's id begins."
  value       = google_project.main.number
}
