//! Every shape that Azure is known to send, and what becomes of any other.

mod broken;
mod merging;
pub mod samples;
mod shapes;
