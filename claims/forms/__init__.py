"""Forms of the desk: texts in, a bill as entered or marked fields out."""
