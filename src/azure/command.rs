//! Runs the Azure CLI: without a terminal, and ended when it is no longer waited for.

use std::ffi::{OsStr, OsString};
use std::process::{Output, Stdio};

use async_trait::async_trait;
use azure_identity::Executor;
use tokio::process::Command;

/// Runs a command of Microsoft's library.
#[derive(Debug, Clone, Default)]
pub(super) struct Runner {
    /// Where commands are looked for, if not where the environment says.
    pub path: Option<OsString>,
}

#[async_trait]
impl Executor for Runner {
    async fn run(&self, program: &OsStr, args: &[&OsStr]) -> std::io::Result<Output> {
        let mut command = Command::new(program);
        command.args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        if let Some(path) = &self.path {
            command.env("PATH", path);
        }
        command.output().await
    }
}
