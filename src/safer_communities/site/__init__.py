"""From notebooks to web pages: run, stage, build, publish."""
