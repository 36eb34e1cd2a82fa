"""What moved: which offences made a change, and whether it rests on one place or a few months."""
