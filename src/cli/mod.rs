//! The command line: arguments, commands, results for people and as JSON.
