"""Layers to files, one module a format."""

from geo.exports.base import Format as Format
from geo.exports.write import FORMATS as FORMATS
from geo.exports.write import format_of as format_of
from geo.exports.write import layer_bytes as layer_bytes
from geo.exports.write import write_layer as write_layer
