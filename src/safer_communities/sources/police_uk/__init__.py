"""Publications of data.police.uk."""
