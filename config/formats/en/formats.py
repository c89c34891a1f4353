"""How dates and numbers print in English: exactly as in Chinese, so that a figure never changes shape."""

from config.formats.zh_Hans.formats import *  # noqa: F403  one table of formats for both languages
