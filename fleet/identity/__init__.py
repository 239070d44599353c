"""The ways in, the platform's half: codes, codes by SMS, the terminal's code for a phone."""
