"""Bringing a machine into service: enrolment, renewal of its certificate, and a check of what is there."""
