"""What the law says of payments: which year's budget pays again what was paid and came back."""
