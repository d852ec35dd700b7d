"""Running the standalone app’s worker by Celery, through Redis or RabbitMQ (extra `celery`)."""
