"""Helpers that know nothing about schools."""
