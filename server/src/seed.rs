//! Cards to begin with: the vendors' documented story, and any number of invented ones.
