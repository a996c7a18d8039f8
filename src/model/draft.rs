//! The wizard's draft: what a newcomer typed so far, so that leaving or a crash loses nothing but secrets.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::field::FieldId;
use super::form::Form;
use super::grant::Grant;
use super::partner_id::PartnerId;
use super::work_item::WorkItemKind;

/// A connection that is being set up. It has no place for a secret: secret fields are left out of `texts` when it
/// is made, written or read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The partner type that was chosen.
    pub partner: PartnerId,
    /// The id of the wizard's step that was open.
    pub step: String,
    /// Text as typed, by field.
    #[serde(serialize_with = "write_texts", deserialize_with = "read_texts")]
    pub texts: BTreeMap<FieldId, String>,
    /// The work items chosen.
    pub work_items: BTreeSet<WorkItemKind>,
    /// Whether missing configuration items are created.
    pub create_configuration_items: bool,
    /// How the connection gets its tokens.
    #[serde(default)]
    pub grant: Grant,
    /// When the admin confirmed each prerequisite, by its id.
    pub confirmed: BTreeMap<String, Timestamp>,
}

impl Draft {
    /// A draft of a form, without its secrets.
    pub fn of(form: &Form, partner: PartnerId, step: &str, confirmed: BTreeMap<String, Timestamp>) -> Self {
        Self {
            partner,
            step: step.to_owned(),
            texts: plain(&form.texts).map(|(field, text)| (field, text.clone())).collect(),
            work_items: form.work_items.clone(),
            create_configuration_items: form.create_configuration_items,
            grant: form.grant,
            confirmed,
        }
    }

    /// The form as it was typed; its secrets are empty.
    pub fn form(&self) -> Form {
        Form {
            texts: plain(&self.texts).map(|(field, text)| (field, text.clone())).collect(),
            secrets: BTreeMap::new(),
            work_items: self.work_items.clone(),
            create_configuration_items: self.create_configuration_items,
            grant: self.grant,
            workspaces: Vec::new(),
            known_as: None,
        }
    }
}

fn plain(texts: &BTreeMap<FieldId, String>) -> impl Iterator<Item = (FieldId, &String)> {
    texts.iter().filter(|(field, _)| !field.is_secret()).map(|(field, text)| (*field, text))
}

fn write_texts<S: Serializer>(texts: &BTreeMap<FieldId, String>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(plain(texts))
}

fn read_texts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<FieldId, String>, D::Error> {
    let mut texts = BTreeMap::<FieldId, String>::deserialize(deserializer)?;
    texts.retain(|field, _| !field.is_secret());
    Ok(texts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::secret::Secret;

    fn form() -> Form {
        let mut form = Form::default();
        form.texts.insert(FieldId::Name, "contoso".into());
        form.texts.insert(FieldId::Password, "planted-one".into());
        form.secrets.insert(FieldId::ClientSecret, Secret::new("planted-two"));
        form.work_items.insert(WorkItemKind::Incident);
        form
    }

    #[test]
    fn a_form_comes_back_without_its_secrets() {
        let draft = Draft::of(&form(), PartnerId::new("servicenow"), "details", BTreeMap::new());
        let back = draft.form();
        assert_eq!(back.text(FieldId::Name), "contoso");
        assert!(back.secrets.is_empty() && !back.texts.contains_key(&FieldId::Password));
        assert_eq!(back.work_items, form().work_items);
    }

    #[test]
    fn a_secret_that_slipped_in_is_neither_written_nor_read() {
        let mut draft = Draft::of(&form(), PartnerId::new("servicenow"), "details", BTreeMap::new());
        draft.texts.insert(FieldId::ClientSecret, "planted-three".into());
        let json = serde_json::to_string(&draft).unwrap();
        assert!(!json.contains("planted"), "{json}");
        let slipped = json.replace("\"name\":", "\"password\":\"planted-four\",\"name\":");
        assert_ne!(slipped, json);
        let back: Draft = serde_json::from_str(&slipped).unwrap();
        assert_eq!(back.texts.len(), 1);
    }
}
