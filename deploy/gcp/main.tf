# Cloudtally: lands Google's bill in the lake when its table was written (bigquery.tf), or when its files are in
# Cloud Storage (bucket.tf), and tells a topic. Here: the function, the way to it, and what it may do in any case.
# No Terraform and no cloud has run it; docs/deploy.md says how it is checked.

terraform {
  required_version = ">= 1.6"
  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 6.50"
    }
  }
}

variable "project" {
  type = string
}

variable "region" {
  type = string
}

variable "lake_bucket" {
  type        = string
  description = "The bucket of the lake, which is there already."
}

variable "lake_prefix" {
  type    = string
  default = "tally"
}

variable "package" {
  type        = string
  description = "build/deploy/gcp as a zip file: python deploy/package.py gcp."
}

provider "google" {
  project = var.project
  region  = var.region
}

data "google_project" "this" {}

locals {
  pubsub_agent = "serviceAccount:service-${data.google_project.this.number}@gcp-sa-pubsub.iam.gserviceaccount.com"
  audience     = "cloudtally-land"
}

# who lands, and who pushes
resource "google_service_account" "land" {
  account_id   = "cloudtally-land"
  display_name = "Cloudtally: reads bills and writes the lake"
}

resource "google_service_account" "push" {
  account_id   = "cloudtally-push"
  display_name = "Cloudtally: pushes notifications to the function"
}

# the topic of what was written, and the topic of what failed too often
resource "google_pubsub_topic" "arrivals" {
  name = "cloudtally-arrivals"
}

resource "google_pubsub_topic" "undelivered" {
  name = "cloudtally-undelivered"
}

resource "google_pubsub_subscription" "undelivered" {
  name                       = "cloudtally-undelivered"
  topic                      = google_pubsub_topic.undelivered.id
  message_retention_duration = "1209600s"
}

resource "google_pubsub_topic" "ingested" {
  name = "cloudtally-ingested"
}

resource "google_pubsub_subscription" "land" {
  name                 = "cloudtally-land"
  topic                = google_pubsub_topic.arrivals.id
  ack_deadline_seconds = 600

  push_config {
    push_endpoint = google_cloudfunctions2_function.land.service_config[0].uri
    oidc_token {
      service_account_email = google_service_account.push.email
      audience              = local.audience
    }
  }

  retry_policy {
    minimum_backoff = "60s"
    maximum_backoff = "600s"
  }

  dead_letter_policy {
    dead_letter_topic     = google_pubsub_topic.undelivered.id
    max_delivery_attempts = 30
  }
}

# Pub/Sub itself moves what failed, and makes the push account's tokens
resource "google_pubsub_topic_iam_member" "undelivered_is_written" {
  topic  = google_pubsub_topic.undelivered.id
  role   = "roles/pubsub.publisher"
  member = local.pubsub_agent
}

resource "google_pubsub_subscription_iam_member" "undelivered_is_taken" {
  subscription = google_pubsub_subscription.land.id
  role         = "roles/pubsub.subscriber"
  member       = local.pubsub_agent
}

resource "google_service_account_iam_member" "tokens" {
  service_account_id = google_service_account.push.name
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = local.pubsub_agent
}

# what the function may, wherever bills come from
resource "google_storage_bucket_iam_member" "writes_lake" {
  bucket = var.lake_bucket
  role   = "roles/storage.objectUser"
  member = "serviceAccount:${google_service_account.land.email}"
}

resource "google_pubsub_topic_iam_member" "tells" {
  topic  = google_pubsub_topic.ingested.id
  role   = "roles/pubsub.publisher"
  member = "serviceAccount:${google_service_account.land.email}"
}

resource "google_storage_bucket" "code" {
  name                        = "${var.project}-cloudtally-code"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
}

resource "google_storage_bucket_object" "package" {
  name   = "land-${filemd5(var.package)}.zip"
  bucket = google_storage_bucket.code.name
  source = var.package
}

resource "google_cloudfunctions2_function" "land" {
  name     = "cloudtally-land"
  location = var.region

  build_config {
    runtime     = "python313"
    entry_point = "land"
    source {
      storage_source {
        bucket = google_storage_bucket.code.name
        object = google_storage_bucket_object.package.name
      }
    }
  }

  # bills are read in memory-backed /tmp: as much memory as the largest run of an export has bytes, and 2 GiB
  service_config {
    available_memory                 = "8Gi"
    available_cpu                    = "2"
    timeout_seconds                  = 600
    max_instance_count               = 5
    max_instance_request_concurrency = 1
    service_account_email            = google_service_account.land.email
    environment_variables = {
      CLOUDTALLY_LAKE         = "gs://${var.lake_bucket}/${var.lake_prefix}"
      CLOUDTALLY_SOURCES      = jsonencode(concat(local.bucket_sources, local.table_sources))
      CLOUDTALLY_EXTRACTS     = join("", [for bucket in google_storage_bucket.extracts : "gs://${bucket.name}/tally"])
      CLOUDTALLY_EVENTS_TO    = google_pubsub_topic.ingested.id
      CLOUDTALLY_AUDIENCE     = local.audience
      CLOUDTALLY_PUSH_ACCOUNT = google_service_account.push.email
    }
  }
}

# asked by Cloud Run before the function looks at the same token
resource "google_cloud_run_service_iam_member" "push_invokes" {
  location = google_cloudfunctions2_function.land.location
  service  = google_cloudfunctions2_function.land.name
  role     = "roles/run.invoker"
  member   = "serviceAccount:${google_service_account.push.email}"
}
