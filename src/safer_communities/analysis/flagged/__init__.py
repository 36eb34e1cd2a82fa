"""Offences with a flag, such as domestic abuse, hate and knives, from the dashboards."""
