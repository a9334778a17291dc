"""PostgreSQL and Kafka as this product wants them, whoever starts them: a supervisor or a container."""
