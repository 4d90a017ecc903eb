DATABASES = {"default": {"URL": "sqlite:///db.sqlite3"}}
INSTALLED_APPS = ["shop"]
