//! What the installation checklist says.

use crate::model::checklist::Checklist;
use crate::model::lang::Lang;

/// What the product's admin is to be asked.
pub fn ask_admin(_lang: Lang, checklist: &Checklist) -> String {
    checklist.to_ask().map(|item| item.id.to_string()).collect::<Vec<_>>().join("\n")
}
