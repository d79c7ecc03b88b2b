"""The editor: a Qt application on top of localedit_core."""
