"""Who and where: authorities, schools, years, people, classes, accounts, permissions; and the history of it all."""
