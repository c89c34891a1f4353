"""One machine, nothing installed by hand: private servers, keys and the demo office under `var/`."""
