"""The platform side for operators: catalogue, releases, enrolment, cases, ratings, health of terminals."""
