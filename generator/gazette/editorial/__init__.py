"""The editors' work: import, status, check, release."""
