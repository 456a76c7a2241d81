//! The server as its clients see it: real HTTP over loopback, judged by the documents.

mod approvals;
mod audit;
mod backup;
mod bearer;
mod certificates;
mod certiflow;
mod curl;
mod durable;
mod faults;
mod group;
mod http;
mod icmapi;
mod inventory;
mod limits;
mod logs;
mod mim;
mod openapi;
mod own;
mod privileges;
mod race;
mod routes;
mod samples;
mod story;
mod switches;
mod tls;
mod transitions;
