//! Clients of both APIs, with an operating system below.
