"""Files by content: what is put twice is kept once, sealed, in a local folder or a bucket."""

from yizhan.foundation.blobs.store import Blob, BlobRef, Blobs, open_blobs

__all__ = ["Blob", "BlobRef", "Blobs", "open_blobs"]
