"""The programme: a year’s audits with theme, reason, emphasis, size and approval, on the page “Programme”."""
