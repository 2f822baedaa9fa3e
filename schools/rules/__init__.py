"""What the law says about schools, years and people: plain Python, no clock, no database."""
