"""Consumers of the tests, named in the settings by their dotted paths."""

done = []
failing = set()


def note(event):
    """Do the work, unless the test wants this subject to fail."""
    if event.subject_id in failing:
        raise ValueError("as the test asks")
    done.append(event.subject_id)
