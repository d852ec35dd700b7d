"""One return opened again for correction: why, the email to the contact, and taking it back."""
