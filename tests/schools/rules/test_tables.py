"""A list as it stood in a file."""

from schools.rules.tables import TableRow


def test_cell_that_is_not_there_is_empty_and_a_leading_zero_is_kept():
    row = TableRow(2, {"ma": "0012"})
    assert (row["ma"], row["ten"]) == ("0012", "")
