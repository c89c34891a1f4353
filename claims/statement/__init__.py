"""What a statement (一单制结算单) prints, prepared from the stored trace; templates only place it."""
