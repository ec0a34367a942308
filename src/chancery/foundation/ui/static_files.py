"""How static files are kept: with the hash of their content in the name, packed, and as they were."""

from collections.abc import Iterable, Iterator

from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]  # it has no types


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # a base without types
    """Packs only what pages load; the plain names are kept for the pages that a broken site shows."""

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Pack the files with a hash in their name, and yield each with the name of what was made."""
        hashed = set(self.hashed_files.values())
        yield from super().compress_files(path for path in paths if path in hashed)
