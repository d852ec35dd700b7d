"""Step 11: conclusions: findings, challenges, recommendations, the action plan and the next audit."""
