"""Codes of areas that are no borough of the Metropolitan Police, as the ONS gives them."""

LONDON, ENGLAND = "E12000007", "E92000001"
CITY_OF_LONDON = "E09000001"
