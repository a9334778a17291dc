"""The bus: Apache Kafka, reached in one way by every service."""
