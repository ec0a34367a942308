"""The door for the programme office: admissions desk and finance desk."""
