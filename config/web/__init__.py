"""What every answer of the site owes the browser, whichever page gives it."""
