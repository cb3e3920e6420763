"""Owns what the checks read in Chinese prose: sentences, counts, what a count is of, and words that must (not) be.

May import: form, model, inputs and checks.subject, checks.ledger, checks.labels.
"""
