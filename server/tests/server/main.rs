//! The server as its clients see it: real HTTP over loopback, judged by the documents.

mod audit;
mod certificates;
mod certiflow;
mod curl;
mod durable;
mod http;
mod mim;
mod privileges;
mod race;
mod routes;
mod samples;
mod story;
mod transitions;
