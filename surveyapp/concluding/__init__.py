"""Step 11: what the audit concludes: findings, challenges, recommendations, the action plan."""
