"""The wards of a borough: their offences, each ward, and all wards of London."""
