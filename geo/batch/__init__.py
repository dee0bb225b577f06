"""The flow over many articles: into a workspace, by several processes or a cluster, never losing and never doubling."""

from __future__ import annotations

from geo.batch.reading import PipelineReader, ReadBatch, Reader
from geo.batch.report import Failure, IngestReport
from geo.batch.run import Options, ingest, ingest_into, ingest_items
from geo.batch.samples import load_samples, open_with_samples, sample_files

__all__ = [
    "Failure",
    "IngestReport",
    "Options",
    "PipelineReader",
    "ReadBatch",
    "Reader",
    "ingest",
    "ingest_into",
    "ingest_items",
    "load_samples",
    "open_with_samples",
    "sample_files",
]
