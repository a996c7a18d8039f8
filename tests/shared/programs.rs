//! Programs of this machine that tests need.

/// Whether these programs are here. Where one is missing the test is skipped with a message, but never in CI.
pub fn are_here(programs: &[&str]) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let is_here = |program: &str| std::env::split_paths(&path).any(|folder| folder.join(program).is_file());
    let missing: Vec<_> = programs.iter().copied().filter(|program| !is_here(program)).collect();
    if missing.is_empty() {
        return true;
    }
    let why = format!("{} not found; .ci/run installs what tests need", missing.join(", "));
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{why}");
    eprintln!("skipped: {why}");
    false
}
