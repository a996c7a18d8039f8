//! The commented form of a partner.

use std::fmt::Write;

use toml_edit::Value;

use crate::model::fault::Fault;
use crate::model::form::FieldId;
use crate::model::lang::Lang;
use crate::model::partner::{FieldSpec, InputKind, PartnerSpec};
use crate::model::work_item::WorkItemKind;

/// The columns of a comment at most, a longer word aside.
const WIDEST: usize = 100;

/// The form of this partner, with its defaults filled in and its texts in `lang` as comments.
///
/// # Errors
/// [`Fault::PartnerNotReady`] for a partner that has no form yet.
pub fn template(spec: &PartnerSpec, lang: Lang) -> Result<String, Fault> {
    if !spec.ready {
        return Err(Fault::PartnerNotReady { partner: spec.name.clone() });
    }
    let mut text = format!("# {}: {}\n", spec.name, spec.about.in_lang(lang));
    comment(&mut text, &about_secrets(spec, lang));
    for field in spec.fields.iter().filter(|field| field.input != InputKind::Secret) {
        text.push('\n');
        comment(&mut text, &format!("{}: {}", field.label.in_lang(lang), field.help.in_lang(lang)));
        if field.default.is_none()
            && let Some(example) = &field.example
        {
            comment(&mut text, &format!("{}: {example}", lang.pick("Example", "Voorbeeld")));
        }
        for choice in &field.choices {
            comment(&mut text, &format!("\"{}\": {}", choice.id, choice.about.in_lang(lang)));
        }
        if let Some(grant) = field.grant.filter(|grant| *grant != spec.usual_grant()) {
            comment(&mut text, &format!("{}: grant = \"{}\"", lang.pick("Only with", "Alleen bij"), grant.id()));
        }
        let left_out = field.optional && field.default.is_none();
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}{} = {}", if left_out { "# " } else { "" }, field.id.key(), value(spec, field));
    }
    Ok(text)
}

fn about_secrets(spec: &PartnerSpec, lang: Lang) -> String {
    let secret = spec.fields.iter().filter(|field| field.input == InputKind::Secret);
    let mut labels: Vec<_> = secret.map(|field| field.label.in_lang(lang)).collect();
    // The same secret stands once for each grant.
    let mut seen = std::collections::BTreeSet::new();
    labels.retain(|label| seen.insert(*label));
    let labels = labels.join(", ");
    lang.pick(
        format!("Not in this file: {labels}. They are asked for, or read from stdin with --secrets-stdin."),
        format!("Niet in dit bestand: {labels}. Ze worden gevraagd, of met --secrets-stdin van stdin gelezen."),
    )
}

fn value(spec: &PartnerSpec, field: &FieldSpec) -> Value {
    let default = field.default.as_deref().unwrap_or_default();
    match (field.id, field.input) {
        (FieldId::Partner, _) => spec.id.as_str().into(),
        (_, InputKind::WorkItems) => Value::Array(kinds(spec).map(WorkItemKind::id).collect()),
        (_, InputKind::Switch) => (default == "true").into(),
        (_, InputKind::Number) => default.parse::<i64>().map_or_else(|_| default.into(), Value::from),
        _ => default.into(),
    }
}

fn kinds(spec: &PartnerSpec) -> impl Iterator<Item = WorkItemKind> {
    spec.work_items.iter().map(|item| item.kind)
}

/// Adds a comment, folded at words.
fn comment(text: &mut String, words: &str) {
    for line in words.lines() {
        let mut room = 0;
        for word in line.split(' ') {
            let width = word.chars().count() + 1;
            let is_first = room == 0;
            if is_first || width > room {
                text.push_str(if is_first { "#" } else { "\n#" });
                room = WIDEST;
            }
            text.push(' ');
            text.push_str(word);
            room = room.saturating_sub(width).max(1);
        }
        text.push('\n');
    }
}
