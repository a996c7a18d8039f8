//! What a partner asks for, as data: read from `assets/partners/*.toml`, which are part of the binary.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::checklist::{ChecklistItem, ItemFinding, ItemWords, OutcomeWords};
use super::field::FieldId;
use super::grant::Grant;
use super::item_id::ItemId;
use super::lang::Bilingual;
pub use super::partner_id::PartnerId;
use super::step_id::StepId;
use super::work_item::WorkItemKind;

/// One partner's asset.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartnerSpec {
    /// The partner type's id.
    pub id: PartnerId,
    /// The product's name.
    pub name: String,
    /// Whether this program can connect to it yet.
    pub ready: bool,
    /// What the product is, in one line.
    pub about: Bilingual,
    /// Host suffixes the product is known under; the first completes a bare instance name.
    #[serde(default)]
    pub host_suffixes: Vec<String>,
    /// The grant that the form begins with; the only one where no field asks for it.
    #[serde(default)]
    pub grant: Grant,
    /// Since when Microsoft's old connector took no new customers of the product, as a date.
    pub closed_to_new_customers: Option<jiff::civil::Date>,
    /// When the product's maker ends its support, as a date.
    pub support_ends: Option<jiff::civil::Date>,
    /// The address of a work item in the product's own screens (see [`super::record::address`]); `None` where it has none.
    pub record: Option<String>,
    /// Whether an admin of the product can sign in here, to see more and to fix.
    #[serde(default)]
    pub admin_signs_in: bool,
    /// The steps of its live test, in order.
    #[serde(default)]
    pub test: Vec<StepId>,
    /// The form, in order.
    #[serde(default, rename = "field")]
    pub fields: Vec<FieldSpec>,
    /// What must be so before a connection can work.
    #[serde(default, rename = "prerequisite")]
    pub prerequisites: Vec<Prerequisite>,
    /// What can be synced, and from where.
    #[serde(default, rename = "work_item")]
    pub work_items: Vec<WorkItemSpec>,
    /// The roles that the integration user needs.
    #[serde(default, rename = "role")]
    pub roles: Vec<RoleSpec>,
    /// Where each item of the checklist is fixed or explained.
    #[serde(default, rename = "check")]
    pub checks: Vec<CheckSpec>,
    /// The releases the connector is known with, oldest first.
    #[serde(default, rename = "release")]
    pub releases: Vec<Release>,
}

/// A field of the form.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldSpec {
    /// Which field.
    pub id: FieldId,
    /// How it is entered.
    pub input: InputKind,
    /// Its label.
    pub label: Bilingual,
    /// What it is and where the admin finds it.
    pub help: Bilingual,
    /// What stands there at first.
    pub default: Option<String>,
    /// An example for the template and the empty field.
    pub example: Option<String>,
    /// Whether it may be left empty.
    #[serde(default)]
    pub optional: bool,
    /// The grant with which alone it is asked for.
    pub grant: Option<Grant>,
    /// What can be chosen, where it is a choice.
    #[serde(default)]
    pub choices: Vec<ChoiceSpec>,
}

/// One of several things to choose from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChoiceSpec {
    /// What is stored.
    pub id: String,
    /// What is shown.
    pub label: Bilingual,
    /// What it means, and when to take it.
    pub about: Bilingual,
}

/// How a field is entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InputKind {
    /// A line of text.
    Text,
    /// A line that is masked and kept out of drafts.
    Secret,
    /// The work items, each on or off.
    WorkItems,
    /// A whole number.
    Number,
    /// On or off.
    Switch,
    /// One of several.
    Choice,
    /// Chosen in an earlier step and shown only.
    Fixed,
}

/// Something that must be so before a connection can work.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prerequisite {
    /// A stable id, for the draft and JSON.
    pub id: String,
    /// Whether we look ourselves or the admin says so.
    pub proof: Proof,
    /// What must be so.
    pub title: Bilingual,
    /// How to get there.
    pub how: Bilingual,
    /// Where it is documented.
    pub links: Vec<String>,
    /// The item of the checklist that says the same, by its id: confirmed here, it counts there.
    pub confirms: Option<ItemId>,
    /// What leads there step by step.
    pub guide: Option<Guide>,
}

/// What leads somewhere step by step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Guide {
    /// The files that deploy the web app.
    Deploy,
}

/// How a prerequisite is proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// The live test looks.
    Tested,
    /// The admin confirms it, and we note when.
    Confirmed,
}

/// Where one kind of work item comes from, and how its columns are named here.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkItemSpec {
    /// The kind.
    pub kind: WorkItemKind,
    /// The product's table or business object.
    pub source: String,
    /// Its columns, the mandatory ones (id, number, title, state, priority, open, opened_at, updated_at) among them.
    #[serde(rename = "column")]
    pub columns: Vec<Column>,
}

/// One column: the product's name, ours, and how to read it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// The product's own name for it.
    pub from: String,
    /// The attribute of a work item it fills.
    pub to: String,
    /// What kind of value it holds.
    pub holds: ValueType,
}

/// What kind of value a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueType {
    /// One line of text.
    Text,
    /// Text with line breaks.
    Lines,
    /// A choice: value and label.
    Choice,
    /// A reference: id and name.
    Reference,
    /// A moment in UTC.
    Moment,
    /// True or false.
    Flag,
    /// A number, kept as text.
    Number,
}

impl ValueType {
    /// The name in assets and mapping files, the same as serde's.
    pub fn id(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Lines => "lines",
            Self::Choice => "choice",
            Self::Reference => "reference",
            Self::Moment => "moment",
            Self::Flag => "flag",
            Self::Number => "number",
        }
    }
}

/// A role of the integration user.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleSpec {
    /// The role's name in the product.
    pub name: String,
    /// When it is needed.
    pub needed: RoleNeed,
}

/// When a role is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoleNeed {
    /// By every connection.
    Always,
    /// Where Event Management is used.
    EventManagement,
}

/// Where an item of the checklist is fixed or explained.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckSpec {
    /// The item's id as text; `role` stands for every role.
    pub item: String,
    /// The address; `{server}` stands for the instance's.
    pub link: Option<String>,
    /// What the item is called; a role has no title here.
    pub title: Option<Bilingual>,
    /// What fixes it, where that is the same whatever was found.
    pub remedy: Option<Bilingual>,
    /// What to ask the product's admin, if there is something; `{user}` and `{client_id}` stand for the connection's own.
    pub ask: Option<Bilingual>,
    /// The words of what may be found, by the outcome's id.
    #[serde(default)]
    pub outcome: BTreeMap<String, OutcomeWords>,
    /// Whether 'Completed' needs it.
    #[serde(default = "yes")]
    pub mandatory: bool,
    /// Whether we look at an item of the partner's own, or the admin says so.
    #[serde(default = "tested")]
    pub proof: Proof,
    /// What is sent and to whom, for an item that is checked only on request; `{server}` and `{client_id}` stand
    /// for the connection's own.
    pub on_request: Option<Bilingual>,
    /// The fields of the connection on which an admin's word rests: it falls when one of them is another.
    #[serde(default = "whose")]
    pub rests_on: Vec<FieldId>,
}

/// Which system, and as whom we come to it.
fn whose() -> Vec<FieldId> {
    vec![FieldId::ServerUrl, FieldId::Username, FieldId::ClientId, FieldId::Tenant]
}

fn yes() -> bool {
    true
}

fn tested() -> Proof {
    Proof::Tested
}

/// A release of the product.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// As the product's build names it, in lower case without spaces.
    pub id: String,
    /// As people write it.
    pub name: String,
    /// Its OAuth set-up page, where the original page gave one.
    pub oauth_setup: Option<String>,
}

/// All partners.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Catalogue {
    partners: Vec<PartnerSpec>,
}

impl Catalogue {
    /// Partners from the text of their assets.
    ///
    /// # Errors
    /// The first asset that cannot be read.
    pub fn from_assets(assets: &[&str]) -> Result<Self, toml::de::Error> {
        assets.iter().map(|asset| toml::from_str(asset)).collect::<Result<_, _>>().map(|partners| Self { partners })
    }

    /// Every partner, in the order of the wizard.
    pub fn all(&self) -> &[PartnerSpec] {
        &self.partners
    }

    /// The partner with this id.
    pub fn get(&self, id: &PartnerId) -> Option<&PartnerSpec> {
        self.partners.iter().find(|spec| spec.id == *id)
    }
}

impl PartnerSpec {
    /// The field of the form with this id.
    pub fn field(&self, id: FieldId) -> Option<&FieldSpec> {
        self.fields.iter().find(|field| field.id == id)
    }

    /// The roles that are needed then.
    pub fn roles_for(&self, need: RoleNeed) -> impl Iterator<Item = &str> {
        self.roles.iter().filter(move |role| role.needed == need).map(|role| role.name.as_str())
    }

    /// The link of an item of the checklist, on this server.
    pub fn check_link(&self, item: &ItemId, server_url: &str) -> Option<String> {
        let link = self.check(item)?.link.as_ref()?;
        Some(link.replace("{server}", server_url.trim_end_matches('/')))
    }

    /// What the asset says of an item of the checklist.
    pub fn check(&self, item: &ItemId) -> Option<&CheckSpec> {
        let text = item.to_string();
        let id = if matches!(item, ItemId::Role(_)) { "role" } else { &text };
        self.checks.iter().find(|check| check.item == id)
    }

    /// The words of an item; a role has none.
    pub fn check_words(&self, item: &ItemId) -> Option<Box<ItemWords>> {
        let check = self.check(item)?;
        let title = check.title.clone()?;
        Some(Box::new(ItemWords {
            title,
            remedy: check.remedy.clone(),
            ask: check.ask.clone(),
            mandatory: check.mandatory,
        }))
    }

    /// The words of an item's finding, where it is an outcome of the asset.
    pub fn outcome_words(&self, item: &ItemId, finding: Option<&ItemFinding>) -> Option<Box<OutcomeWords>> {
        let Some(ItemFinding::Outcome { outcome, .. }) = finding else { return None };
        self.check(item)?.outcome.get(outcome).cloned().map(Box::new)
    }

    /// The item with its link and words.
    pub fn worded(&self, item: ChecklistItem, server_url: &str) -> ChecklistItem {
        let (link, words) = (self.check_link(&item.id, server_url), self.check_words(&item.id));
        ChecklistItem { link, words, outcome: self.outcome_words(&item.id, item.finding.as_ref()), ..item }
    }

    /// What an admin's word on this item rests on.
    pub fn rests_on(&self, item: &ItemId) -> Vec<FieldId> {
        self.check(item).map_or_else(whose, |check| check.rests_on.clone())
    }

    /// The items that are checked only on request, for this connection, not checked yet.
    pub fn on_request(&self, server_url: &str, client_id: &str) -> Vec<ChecklistItem> {
        let server = server_url.trim_end_matches('/');
        let filled = |text: &str| text.replace("{server}", server).replace("{client_id}", client_id);
        let one = |check: &CheckSpec| {
            let said = check.on_request.as_ref()?;
            let id = ItemId::try_from(check.item.clone()).ok()?;
            let on_request = Some(Bilingual { en: filled(&said.en), nl: filled(&said.nl) });
            Some(ChecklistItem { on_request, ..self.worded(ChecklistItem::todo(id), server_url) })
        };
        self.checks.iter().filter_map(one).collect()
    }

    /// Whether there is something that leads somewhere step by step.
    pub fn has_guide(&self, guide: Guide) -> bool {
        self.prerequisites.iter().any(|item| item.guide == Some(guide))
    }

    /// The fields that are asked for with this grant, in order.
    pub fn fields_for(&self, grant: Grant) -> impl Iterator<Item = &FieldSpec> {
        self.fields.iter().filter(move |field| field.grant.is_none_or(|only| only == grant))
    }

    /// The steps of its live test, in order.
    pub fn test_steps(&self) -> &[StepId] {
        if self.test.is_empty() { &StepId::ALL } else { &self.test }
    }

    /// The grant that the form begins with.
    pub fn usual_grant(&self) -> Grant {
        let preset = self.field(FieldId::Grant).and_then(|field| field.default.as_deref());
        preset.and_then(Grant::from_id).unwrap_or(self.grant)
    }

    /// Where this kind of work item comes from.
    pub fn work_item(&self, kind: WorkItemKind) -> Option<&WorkItemSpec> {
        self.work_items.iter().find(|item| item.kind == kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_asset_can_be_read() {
        let catalogue = Catalogue::built_in().unwrap();
        let ids: Vec<_> = catalogue.all().iter().map(|spec| spec.id.as_str()).collect();
        assert_eq!(ids, ["servicenow", "service-manager", "provance", "cherwell"]);
    }

    #[test]
    fn servicenow_asks_for_the_ten_fields_and_knows_the_releases() {
        let catalogue = Catalogue::built_in().unwrap();
        let spec = catalogue.get(&PartnerId::new("servicenow")).unwrap();
        let fields: Vec<_> = spec.fields.iter().map(|field| field.id).filter(|id| *id != FieldId::Grant).collect();
        assert_eq!(fields, FieldId::COMMON);
        let releases: Vec<_> = spec.releases.iter().map(|release| release.name.as_str()).collect();
        assert_eq!((releases.len(), releases[0], releases[20]), (21, "Geneva", "Australia"));
    }

    #[test]
    fn servicenow_needs_six_roles_and_two_more_for_events() {
        let catalogue = Catalogue::built_in().unwrap();
        let spec = catalogue.get(&PartnerId::new("servicenow")).unwrap();
        let roles = |need| spec.roles_for(need).collect::<Vec<_>>().join(" ");
        assert_eq!(
            roles(RoleNeed::Always),
            "personalize_choices import_transformer x_mioms_microsoft.user itil template_editor view_changer"
        );
        assert_eq!(roles(RoleNeed::EventManagement), "evt_mgmt_integration evt_mgmt_operator");
    }

    #[test]
    fn every_link_of_the_checklist_belongs_to_an_item() {
        for spec in Catalogue::built_in().unwrap().all() {
            for check in &spec.checks {
                let item = match check.item.as_str() {
                    "role" => ItemId::Role("itil".into()),
                    other => ItemId::try_from(other.to_owned()).unwrap(),
                };
                let link = spec.check_link(&item, "https://contoso.service-now.com");
                assert!(link.is_none_or(|link| link.starts_with("https://") && !link.contains('{')), "{item}");
                let own = matches!(item, ItemId::Own(_));
                assert_eq!(check.title.is_some(), own, "{item}");
                // Of these items it depends on what was found.
                let by_finding =
                    spec.id.as_str() == "servicenow" || ["excess_roles", "integration_user"].contains(&&*check.item);
                assert_eq!(check.remedy.is_some(), own && !by_finding, "{item}");
            }
        }
    }

    #[test]
    fn what_a_prerequisite_confirms_is_an_item_that_the_product_has() {
        for spec in Catalogue::built_in().unwrap().all() {
            for item in spec.prerequisites.iter().filter_map(|prerequisite| prerequisite.confirms.as_ref()) {
                assert!(spec.check(item).is_some(), "{}: {item}", spec.id);
            }
        }
    }

    #[test]
    fn what_is_made_on_request_says_what_is_sent_to_whom() {
        let catalogue = Catalogue::built_in().unwrap();
        let spec = catalogue.get(&PartnerId::new("service-manager")).unwrap();
        let [item] = &spec.on_request("https://smoc.example/", "the-id")[..] else { panic!() };
        let said = item.on_request.as_ref().unwrap();
        for text in [&said.en, &said.nl] {
            assert!(text.contains("https://smoc.example") && text.contains("the-id") && !text.contains('{'), "{text}");
        }
        assert!(!item.is_mandatory() && item.words.is_some());
    }

    #[test]
    fn every_ready_partner_maps_what_a_work_item_needs() {
        for spec in Catalogue::built_in().unwrap().all().iter().filter(|spec| spec.ready) {
            for item in &spec.work_items {
                for needed in ["id", "number", "title", "state", "priority", "open", "opened_at", "updated_at"] {
                    let found = item.columns.iter().filter(|column| column.to == needed).count();
                    assert_eq!(found, 1, "{} {needed}", item.source);
                }
            }
        }
    }
}
