"""Files of messages: taken in by content, given out so that no browser runs what a stranger sent."""

from yizhan.web.files.handlers import download_file, given_out, received, stored, upload_file
from yizhan.web.files.kinds import kind_of

routes = [upload_file, download_file]

__all__ = ["given_out", "kind_of", "received", "routes", "stored"]
