//! The gallery: every place of the program in every size, in both languages and themes, held against the rules that each
//! picture keeps ([`rules`]). Every model that a snapshot test shows is visited, and [`place`] lists what must be.
//!
//! `ITSMC_GALLERY=DIR cargo test --lib tui` writes all pictures into that folder as text and as SVG, to be looked at.

mod clicking;
mod covering;
mod place;
mod rules;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Mutex;

pub use self::clicking::has_box;
use self::place::{Place, place};
use self::rules::Shown;
use super::picture;
use super::testing::{render, text};
use super::theme::Theme;
use crate::model::lang::Lang;
use crate::ui::app::model::Model;

/// The sizes of every picture.
pub const SIZES: [(u16, u16); 4] = [(40, 12), (80, 24), (120, 40), (200, 60)];

/// Those that are drawn in mono as well; what is asserted of it does not depend on the size.
const MONO: [(u16, u16); 2] = [SIZES[0], SIZES[1]];

/// The pictures that were looked at since the tests began.
static VISITED: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Holds all pictures of a model against the rules. `name` is `screen/state`.
pub fn visit(name: &str, model: &Model) {
    if !VISITED.lock().expect("no visit panics with the lock").insert(name.to_owned()) {
        return;
    }
    for place_of in Place::ALL.iter().filter(|place| place.picture() == name) {
        assert_eq!(place(model), Some(*place_of), "{name} shows another place");
    }
    let [en, nl] = [Lang::En, Lang::Nl].map(|lang| shown(name, model, lang));
    let found = [rules::broken(model, &en, &nl), rules::broken(model, &nl, &en), clicking::broken(model, SIZES[1])];
    let covered = SIZES[1..].iter().map(|size| covering::broken(model, *size));
    let broken = found.into_iter().chain(covered).flatten().collect::<Vec<_>>();
    assert!(broken.is_empty(), "{name}:\n{}", broken.join("\n"));
}

/// A model in every size.
fn shown(name: &str, model: &Model, lang: Lang) -> [Shown; 4] {
    SIZES.map(|size| {
        let (colour, cursor) = render(model, size, lang, Theme::Colour);
        if MONO.contains(&size) {
            let (mono, _) = render(model, size, lang, Theme::Mono);
            assert_eq!(text(&colour), text(&mono), "the themes differ in more than style");
        }
        if let Some(folder) = std::env::var_os("ITSMC_GALLERY") {
            let file = format!("{}-{}x{}-{}", name.replace('/', "-"), size.0, size.1, lang.pick("en", "nl"));
            let file = Path::new(&folder).join(file);
            std::fs::write(file.with_extension("svg"), picture::of_buffer(&colour, Theme::Colour))
                .expect("the folder is there");
            std::fs::write(file.with_extension("txt"), text(&colour)).expect("the folder is there");
        }
        Shown { size, lang, text: text(&colour), cursor }
    })
}

/// The code in this folder.
fn sources(folder: &Path) -> String {
    let mut text = String::new();
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("the folder can be read").path();
        match path.extension() {
            _ if path.is_dir() && !path.ends_with("snapshots") => text.push_str(&sources(&path)),
            Some(kind) if kind == "rs" && !path.ends_with("place.rs") => {
                text.push_str(&std::fs::read_to_string(path).expect("the file can be read"));
            }
            _ => {}
        }
    }
    text
}
