//! Each layer knows only what it may: read from the paths in the code itself.

use std::path::{Path, PathBuf};

/// A folder of `src/`, the sibling layers it may name, and the crates it may not.
struct Layer {
    folder: &'static str,
    knows: &'static [&'static str],
    never: &'static [&'static str],
}

const LAYERS: &[Layer] = &[
    Layer {
        folder: "model",
        knows: &[],
        never: &[
            "tokio",
            "reqwest",
            "ratatui",
            "crossterm",
            "rusqlite",
            "std::fs",
            "std::time::SystemTime",
            "Timestamp::now",
        ],
    },
    Layer {
        folder: "texts",
        knows: &["model"],
        never: &["tokio", "reqwest", "ratatui", "crossterm", "rusqlite", "std::fs", "Timestamp::now"],
    },
    Layer { folder: "net", knows: &["model", "files"], never: &["ratatui", "crossterm", "rusqlite"] },
    Layer { folder: "azure", knows: &["model", "net"], never: &["ratatui", "crossterm", "rusqlite"] },
    Layer { folder: "partner", knows: &["model", "net", "azure"], never: &["ratatui", "crossterm", "rusqlite"] },
    Layer { folder: "files", knows: &["model"], never: &["tokio", "ratatui", "crossterm", "reqwest", "rusqlite"] },
    Layer { folder: "store", knows: &["model", "files"], never: &["ratatui", "crossterm", "reqwest"] },
    Layer { folder: "vault", knows: &["model", "files"], never: &["ratatui", "crossterm", "reqwest", "rusqlite"] },
    Layer {
        folder: "home",
        knows: &["model", "files", "vault"],
        never: &["ratatui", "crossterm", "reqwest", "rusqlite"],
    },
    Layer {
        folder: "sync",
        knows: &["model", "partner", "store"],
        never: &["ratatui", "crossterm", "reqwest", "rusqlite"],
    },
    Layer {
        folder: "sink",
        knows: &["model", "net", "azure", "store"],
        never: &["ratatui", "crossterm", "reqwest", "rusqlite"],
    },
    Layer {
        folder: "service",
        knows: &["model", "net", "azure", "partner", "files", "store", "vault", "home", "sync", "sink"],
        never: &["ratatui", "crossterm", "reqwest", "rusqlite"],
    },
    Layer {
        folder: "ui/app",
        knows: &["model", "texts"],
        never: &["tokio", "reqwest", "ratatui", "crossterm", "rusqlite", "std::fs", "Timestamp::now"],
    },
    Layer {
        folder: "ui/perform",
        knows: &["model", "home", "service", "ui/app"],
        never: &["ratatui", "crossterm", "reqwest", "rusqlite"],
    },
    Layer { folder: "ui/tui", knows: &["model", "texts", "ui/app"], never: &["reqwest", "rusqlite"] },
    Layer {
        folder: "cli",
        knows: &[
            "model",
            "texts",
            "net",
            "azure",
            "partner",
            "files",
            "store",
            "vault",
            "home",
            "sync",
            "sink",
            "service",
            "ui/app",
            "ui/perform",
            "ui/tui",
        ],
        never: &["ratatui", "crossterm", "reqwest", "rusqlite"],
    },
];

#[test]
fn each_layer_knows_only_what_it_may() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    for layer in LAYERS {
        let files = rust_files(&src.join(layer.folder));
        assert!(!files.is_empty(), "no file in {}", layer.folder);
        for file in files {
            wrong.extend(trespasses(layer, &file));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_folder_of_the_source_is_a_layer() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for entry in src.read_dir().unwrap().map(Result::unwrap).filter(|entry| entry.path().is_dir()) {
        let name = entry.file_name().into_string().unwrap();
        let is_layer = |folder: &str| folder == name || folder.starts_with(&format!("{name}/"));
        assert!(LAYERS.iter().any(|layer| is_layer(layer.folder)), "{name} is in no layer");
    }
}

/// `value["key"].take()` makes the key where it is missing, which panics where the value is a list or a text: a product may answer
/// with anything. `get_mut` does not.
#[test]
fn no_part_of_a_reply_is_taken_by_an_index() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for file in rust_files(&src) {
        let text = std::fs::read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
        for (number, line) in code.lines().enumerate() {
            let found =
                ["\"].take()", "\"].as_array_mut()", "\"].as_object_mut()"].iter().any(|way| line.contains(way));
            assert!(!found, "{}:{}: {line}", file.display(), number + 1);
        }
    }
}

#[test]
fn main_stays_small() {
    let main = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/main.rs")).unwrap();
    assert!(main.lines().count() <= 60);
}

fn trespasses(layer: &Layer, file: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(file).unwrap();
    let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    let mut wrong = Vec::new();
    for (number, line) in code.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
        let siblings = line.match_indices("crate::").filter_map(|(at, _)| layer_of(&line[at + 7..]));
        for sibling in siblings {
            if sibling != layer.folder && !layer.knows.contains(&sibling) {
                wrong.push(format!("{}:{}: {} may not know {sibling}", file.display(), number + 1, layer.folder));
            }
        }
        for name in layer
            .never
            .iter()
            .filter(|name| line.contains(&format!("{name}::")) || (name.contains("::") && line.contains(**name)))
        {
            wrong.push(format!("{}:{}: {} may not know {name}", file.display(), number + 1, layer.folder));
        }
    }
    wrong
}

/// The layer that a path after `crate::` leads into.
fn layer_of(path: &str) -> Option<&'static str> {
    let path: String = path.chars().take_while(|c| c.is_alphanumeric() || "_:".contains(*c)).collect();
    let path = path.replace("::", "/");
    let inside = |folder: &str| path == folder || path.starts_with(&format!("{folder}/"));
    LAYERS.iter().map(|layer| layer.folder).find(|folder| inside(folder))
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in folder.read_dir().unwrap().map(|entry| entry.unwrap().path()) {
        if ["tests", "tests.rs", "testing.rs"].iter().any(|name| entry.ends_with(name)) {
            continue;
        }
        if entry.is_dir() {
            files.extend(rust_files(&entry));
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            files.push(entry);
        }
    }
    files
}

#[test]
fn a_trespass_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x.rs");
    std::fs::write(&file, "use crate::store::Store;\nuse tokio::sync::mpsc;\n// use crate::vault::Vault;\n").unwrap();
    assert_eq!(trespasses(&LAYERS[0], &file).len(), 2);
    assert_eq!(LAYERS[0].folder, "model");
}
