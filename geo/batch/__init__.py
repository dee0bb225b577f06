"""The flow over many articles: into a workspace, by several processes or a cluster, never losing and never doubling."""

from __future__ import annotations

from geo.batch.reading import PipelineReader, Reader, read_batch
from geo.batch.report import Failure, IngestReport
from geo.batch.run import Options, ingest, ingest_into
from geo.batch.samples import load_samples, open_with_samples, sample_files

__all__ = [
    "Failure",
    "IngestReport",
    "Options",
    "PipelineReader",
    "Reader",
    "ingest",
    "ingest_into",
    "load_samples",
    "open_with_samples",
    "read_batch",
    "sample_files",
]
