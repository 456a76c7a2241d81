"""Tables in the libraries that hold them, which are imported when they are asked for."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def _library(name: str, call: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        # What becomes a frame of pandas passes through pyarrow.
        needed = "pandas pyarrow" if call == "to_pandas()" else name
        message = f"{call} needs {name}, which cannot be imported: pip install {needed}"
        raise ImportError(message, name=name) from error


def to_arrow(table: Any) -> Any:
    pyarrow = _library("pyarrow", "to_arrow()")
    return pyarrow.RecordBatchReader.from_stream(table).read_all()


def to_pandas(table: Any, dtype_backend: str | None = "pyarrow") -> Any:
    if dtype_backend not in ("pyarrow", None):
        raise ValueError(f'dtype_backend must be "pyarrow" or None, not {dtype_backend!r}')
    pandas = _library("pandas", "to_pandas()")
    pyarrow = _library("pyarrow", "to_pandas()")
    read = pyarrow.RecordBatchReader.from_stream(table).read_all()
    if dtype_backend is None:
        return read.to_pandas()

    def dtype(of: Any) -> Any:
        # An enumeration is a category in pandas.
        return None if pyarrow.types.is_dictionary(of) else pandas.ArrowDtype(of)

    return read.to_pandas(types_mapper=dtype)


def to_polars(table: Any) -> Any:
    return _library("polars", "to_polars()").DataFrame(table)


def column_to_arrow(column: Any) -> Any:
    return _library("pyarrow", "to_arrow()").array(column)


def column_to_pandas(column: Any) -> Any:
    pandas = _library("pandas", "to_pandas()")
    array = _library("pyarrow", "to_pandas()").array(column)
    return pandas.Series(array, dtype=pandas.ArrowDtype(array.type))


def column_to_polars(column: Any) -> Any:
    return _library("polars", "to_polars()").Series("atr", column)
