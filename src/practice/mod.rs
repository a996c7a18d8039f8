//! Practice partners: servers on loopback that behave as the products do, oddities and faults included.
//!
//! They are there to practise and to test against, so they share no code with the clients they answer.

pub mod servicenow;

pub use servicenow::{Control, Options, PracticeError, Server, SignInDetails};
