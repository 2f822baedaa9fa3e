"""The demo: one Sở, two phường, three schools and about a thousand people who do not exist."""
