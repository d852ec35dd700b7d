"""What a contact sees, from the link in an email to the receipt."""
