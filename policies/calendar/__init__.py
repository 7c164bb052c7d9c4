"""Working days: our own dated table of statutory holidays and make-up days, by the State Council's notices."""
