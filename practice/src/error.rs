//! What goes wrong with a practice server itself.

/// Why a practice instance could not start, or could not do what it was told.
#[derive(Debug, thiserror::Error)]
pub enum PracticeError {
    /// The port could not be taken, or a thread or file failed.
    #[error("practice server: {what}: {source}")]
    Io {
        /// What was being done.
        what: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The incident log is not the expected CSV.
    #[error("incident log, row {row}: {problem}")]
    Log {
        /// The row, the header being 1; 0 is the file as a whole.
        row: u64,
        /// What is wrong with it.
        problem: String,
    },
    /// An option makes no sense.
    #[error("practice server: {0}")]
    Option(String),
    /// An order names something that is not there.
    #[error("practice server: {0}")]
    Order(String),
}

impl PracticeError {
    pub(crate) fn io(what: impl Into<String>, source: std::io::Error) -> Self {
        Self::Io { what: what.into(), source }
    }
}
