"""Knows applications, groups, assessments, the dialogue with the applicant, and decisions."""
