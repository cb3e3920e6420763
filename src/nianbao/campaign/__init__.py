"""January for a superior office: workbooks out and back, who is missing, the sums of the units."""
