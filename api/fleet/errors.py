"""Answers about the fleet that say no. Codes are published: never rename one."""

from __future__ import annotations

from api.errors import Refused


class BadUpload(Refused):
    """A file of an import is not base64."""

    code = "upload-unreadable"
    status = 422
