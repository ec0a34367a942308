"""What every test stands on: the test mode, set before Django reads its settings."""

import os

os.environ["CHANCERY_MODE"] = "test"
os.environ.setdefault("CHANCERY_SECRET_KEY", "only-for-tests")
os.environ.setdefault("CHANCERY_MAIL_THREAD_KEY", "only-for-tests")
