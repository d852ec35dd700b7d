"""What all pages share: access, form fields, error pages, security headers, notices."""
