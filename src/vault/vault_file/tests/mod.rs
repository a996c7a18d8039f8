mod keeping;
mod places;
mod together;

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::*;
use crate::vault::NoAsk;
use crate::vault::testing::bare;

fn folder() -> (TempDir, VaultPaths) {
    let dir = tempfile::tempdir().unwrap();
    let paths = VaultPaths::in_dir(dir.path());
    (dir, paths)
}

fn key_file(dir: &Path) -> VaultOptions {
    VaultOptions { key_file: Some(dir.join("the.key")), ..bare() }
}

fn open(paths: &VaultPaths, options: &VaultOptions) -> Result<Vault, Fault> {
    Vault::open(paths.clone(), options.clone(), Box::new(NoAsk))
}

fn every_file(dir: &Path) -> Vec<u8> {
    let files = fs::read_dir(dir).unwrap().map(|entry| fs::read(entry.unwrap().path()).unwrap());
    files.flatten().collect()
}
