"""What a change is set against: how far counts move by themselves, together and as they age."""
