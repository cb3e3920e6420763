"""Great Expectations: our expectation, the suites made from the form, and the one validation over all frames.

Imports nothing here: what needs the engine is imported by the function that runs it, for importing it takes seconds.
"""
