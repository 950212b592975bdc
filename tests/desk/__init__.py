"""Tests of the desk: who may do what, what the API answers, and what passes the border."""
