"""Telling people: the notice, its recipients, the outbox that is the ledger, and delivery."""
