"""Conclusions: findings, challenges, recommendations, the action plan and the next audit."""
