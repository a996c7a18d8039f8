//! The pages name what exists.

use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

#[test]
fn each_test_that_the_reliability_page_names_exists() {
    let page = std::fs::read_to_string(root().join("docs/reliability.md")).unwrap();
    let mut code = String::new();
    for folder in ["src", "tests", "practice/src"] {
        read_all(&root().join(folder), &mut code);
    }
    let named: Vec<_> = page
        .lines()
        .filter(|line| line.starts_with("| ") && line.contains('`'))
        .filter_map(|line| line.trim_end_matches(" |").rsplit_once(" | "))
        .flat_map(|(_, names)| names.split(", ").map(|name| name.trim_matches('`').to_owned()))
        .collect();
    assert!(named.len() > 80, "{}", named.len());
    let missing: Vec<_> = named.iter().filter(|name| !code.contains(&format!("fn {name}("))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn the_table_of_keys_names_words_that_exist() {
    let page = std::fs::read_to_string(root().join("docs/keys.md")).unwrap();
    let mut texts = String::new();
    read_all(&root().join("src/texts"), &mut texts);
    let rows: Vec<_> = page.lines().filter(|line| line.starts_with("| `")).collect();
    assert!(rows.len() > 50, "{}", rows.len());
    let labels = rows.iter().flat_map(|row| row.trim_end_matches(" |").rsplit_once(" | ").unwrap().1.split(" · "));
    let unknown: Vec<_> = labels.filter(|label| !texts.contains(&format!("\"{label}\""))).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn each_link_between_pages_leads_somewhere() {
    let mut pages = vec![root().join("README.md"), root().join("CONTRIBUTING.md"), root().join("SECURITY.md")];
    pages.extend(root().join("docs").read_dir().unwrap().map(|entry| entry.unwrap().path()));
    for page in pages.iter().filter(|page| page.extension().is_some_and(|extension| extension == "md")) {
        let text = std::fs::read_to_string(page).unwrap();
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = target.split('#').next().unwrap_or_default();
            if file.is_empty() || file.contains("://") || file.starts_with("mailto:") {
                continue;
            }
            let path = page.parent().unwrap().join(file);
            assert!(path.exists(), "{}: {target}", page.display());
        }
    }
}

#[test]
fn each_code_of_a_fault_and_a_finding_is_documented() {
    let page = std::fs::read_to_string(root().join("docs/json.md")).unwrap();
    let written = |row: &str| row.strip_prefix("| `")?.split_once("` |").map(|(code, _)| code.to_owned());
    for (file, heading, end) in
        [("src/model/fault.rs", "## An error", "\n## "), ("src/model/finding.rs", "keys of its code:", "\n`total`")]
    {
        let section = page.split_once(heading).unwrap().1.split_once(end).unwrap().0;
        let rows = section.lines().skip_while(|line| !line.starts_with("|---")).take_while(|line| !line.is_empty());
        let mut documented: Vec<_> = rows.filter_map(written).collect();
        let code = std::fs::read_to_string(root().join(file)).unwrap();
        let body = code.split_once("pub fn code(&self)").unwrap().1.split_once("\n    }\n").unwrap().0;
        let mut known: Vec<_> =
            body.split("=> \"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect();
        documented.sort();
        known.sort();
        assert!(known.len() > 10, "{known:?}");
        assert_eq!(documented, known, "{file}");
    }
}

#[test]
fn the_recording_ends_with_a_complete_checklist() {
    let dir = tempfile::tempdir().unwrap();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_itsmc"));
    let drawn = command.arg("pictures").arg(dir.path()).output().unwrap();
    assert!(drawn.status.success(), "{drawn:?}");
    let picture = |name: &str| std::fs::read_to_string(dir.path().join(name)).unwrap();
    assert!(picture("itsmc.svg").contains("Completed"), "the fixes of the recording were not made");
    assert!(picture("fix.svg").contains("Change 2 of 3"), "it is not the second fix");
}

fn read_all(folder: &Path, into: &mut String) {
    for path in folder.read_dir().unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            read_all(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push_str(&std::fs::read_to_string(&path).unwrap());
        }
    }
}
