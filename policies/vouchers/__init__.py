"""Innovation vouchers: what several schemes grant and pay."""
