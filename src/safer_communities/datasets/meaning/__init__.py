"""Whether a table means what it says: its counts beside all others that count the same things.

Each module is one way to tell: `completeness` (rows that have gone), `revisions` (the same months
in an earlier release), `parts` (the wards, or the dashboard, of the same boroughs), `own_past`
(the years before), `residents` (estimates of residents, and households beside them), `series` (any
other table that has times, beside the release before), `exchanged` (places, or times, in such a
table). Every function is pure and returns findings: what is odd where, and what was expected. The
import stops at each, unless a row of `data/reference/confirmed_changes.csv` says why the count is
right.

What nothing published can tell:

- a borough or an offence that is wrong by less than a fifth in a month that no other file has;
- two offences of one borough, of about the same size, exchanged in such a month;
- a borough's last two months exchanged, where the wards do not reach so far: a month is as near to
  the one before the last as to the one before, as in 37 of 100 real ones;
- one in twelve pairs of months of all boroughs exchanged there, those that are most alike;
- a count of a month that an earlier release has, more by less than eight (in a ward seven) and some
  of its square roots, or less by less than about one, where the sums stay within their limits;
- two wards exchanged in months that no earlier file has;
- a figure of another table of series, wrong by less than an ordinary year's change;
- a table that is published once, such as a census, where its sums are right.
"""
