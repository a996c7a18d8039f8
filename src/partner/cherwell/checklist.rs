//! Cherwell's own checklist.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Cherwell;
use super::rights;
use super::tickets::COMPUTERS;
use crate::model::check::{Status, UserUnfit};
use crate::model::checklist::{Checklist, ItemFinding, ItemId, SeenBy};
use crate::model::fault::Fault;
use crate::model::work_item::WorkItemKind;
use crate::partner::checklist::{self, Observation, Observer};
use crate::partner::{BoxFuture, OnProgress};

const API: &str = "api_reached";
const CLIENT: &str = "client_accepted";
const SUPPORT: &str = "support_ends";
/// That configuration items may be made, where the connection makes them.
const ITEMS: &str = "edit_items";

/// The end of support is a warning from this many days before it.
const SUPPORT_WARNING_DAYS: i32 = 365;

/// The item of a right to a kind's records.
fn right(word: &str, kind: WorkItemKind) -> ItemId {
    ItemId::Own(format!("{word}_{}", kind.id()))
}

fn kinds(partner: &Cherwell) -> impl Iterator<Item = WorkItemKind> + '_ {
    WorkItemKind::ALL.into_iter().filter(|kind| partner.connection.work_items.contains(kind))
}

/// The items in order: each after those it depends on.
pub fn items(partner: &Cherwell) -> Vec<ItemId> {
    let view = kinds(partner).map(|kind| right("view", kind));
    let edit = kinds(partner).map(|kind| right("edit", kind));
    let before = [API, CLIENT, "integration_user"].map(ItemId::own);
    let made = partner.connection.create_configuration_items.then(|| ItemId::own(ITEMS));
    before.into_iter().chain(view).chain(edit).chain(made).chain([ItemId::own(SUPPORT)]).collect()
}

/// Checks every item.
pub async fn run(partner: &Cherwell, tell: OnProgress<'_>) -> Checklist {
    let (connection, spec) = (&partner.connection, &partner.spec);
    let items = checklist::run((connection, spec), items(partner), &mut Checks(partner), None, tell).await;
    Checklist { subject: checklist::subject(connection, spec), seen_by: SeenBy::Integration, items }
}

struct Checks<'a>(&'a Cherwell);

impl Observer for Checks<'_> {
    fn observe<'a>(&'a mut self, id: &'a ItemId) -> BoxFuture<'a, Observation> {
        Box::pin(observe(self.0, id))
    }

    /// `serviceinfo` answers without a sign-in, and the end of support is in the asset.
    fn asks_product(&self, id: &ItemId) -> bool {
        ![API, SUPPORT].map(ItemId::own).contains(id)
    }
}

async fn observe(partner: &Cherwell, id: &ItemId) -> Observation {
    let text = id.to_string();
    match text.split_once('_') {
        _ if text == API => api(partner).await,
        _ if text == CLIENT => client(partner).await,
        _ if text == SUPPORT => support(partner),
        _ if text == ITEMS => items_made(partner).await,
        Some((word @ ("view" | "edit"), kind)) => match WorkItemKind::from_id(kind) {
            Some(kind) => permission(partner, word, kind).await,
            None => Observation::without_finding(Status::Todo),
        },
        _ => user(partner).await,
    }
}

fn failed(asked: &str, fault: Fault) -> Observation {
    let hidden = rights::is_hidden(&fault);
    let observation = Observation::no_answer(fault).refused(asked);
    if hidden { Observation { finding: Some(ItemFinding::CannotSee), ..observation } } else { observation }
}

async fn api(partner: &Cherwell) -> Observation {
    let asked = "GET /api/V1/serviceinfo";
    match partner.info().await {
        Ok(info) => {
            let version = info.version().unwrap_or_else(|| "?".to_owned());
            let value = format!("{} {version}", partner.api.as_str());
            Observation::passed(&value).shown(asked, value)
        }
        Err(fault) => Observation { status: Status::Failed, ..failed(asked, fault) },
    }
}

/// Tokens are issued to a client ID only, so a live sign-in proves it.
async fn client(partner: &Cherwell) -> Observation {
    let asked = "POST /token";
    let client_id = &partner.connection.client_id;
    match partner.session.tokens().await {
        Ok(_) => Observation::passed(client_id).shown(asked, client_id),
        Err(fault) => failed(asked, fault),
    }
}

async fn user(partner: &Cherwell) -> Observation {
    let asked = "GET /api/V2/getuserbyloginid";
    let user = match rights::user(partner).await {
        Ok(user) => user,
        Err(fault) => return failed(asked, fault),
    };
    let user_name = partner.connection.username.clone();
    let observation = match user.locked {
        Some(true) => {
            let finding = ItemFinding::UserUnfit { user_name, reason: UserUnfit::LockedOut };
            Observation::new(Status::Failed, finding)
        }
        Some(false) => Observation::new(Status::Passed, ItemFinding::UserFit { user_name }),
        None => Observation::hidden(),
    };
    observation.shown(asked, user.name)
}

async fn permission(partner: &Cherwell, word: &str, kind: WorkItemKind) -> Observation {
    let name = partner.columns(kind).map(|columns| columns.source().to_owned()).unwrap_or_default();
    judged(word, &name, rights::of(partner, kind).await)
}

/// The right to make computers, by the first of their types that there is.
async fn items_made(partner: &Cherwell) -> Observation {
    let [first, second] = COMPUTERS;
    match rights::named(partner, first).await {
        Err(fault) if rights::is_hidden(&fault) => judged("edit", second, rights::named(partner, second).await),
        held => judged("edit", first, held),
    }
}

fn judged(word: &str, name: &str, held: Result<rights::Rights, Fault>) -> Observation {
    let asked =
        format!("GET /api/V2/getsecuritygroupbusinessobjectpermissionsforcurrentuserbybusobname/busobname/{name}");
    let held = match held {
        Ok(held) => held,
        Err(fault) => return failed(&asked, fault),
    };
    let (held, missing) = if word == "view" { (held.view, Status::Failed) } else { (held.edit, Status::Warning) };
    match held {
        Some(true) => {
            let value = format!("{name}: {word}");
            Observation::passed(&value).shown(asked, value)
        }
        Some(false) => {
            let value = format!("{name}: {word} = false");
            Observation::lacks(missing, &value).shown(asked, value)
        }
        None => Observation::hidden(),
    }
}

/// The date that the maker announced; on-premises systems may run on.
fn support(partner: &Cherwell) -> Observation {
    let Some(end) = partner.spec.support_ends else { return Observation::without_finding(Status::Todo) };
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    let near = today.until(end).is_ok_and(|left| left.get_days() < SUPPORT_WARNING_DAYS);
    let value = end.to_string();
    let observation = if near { Observation::lacks(Status::Warning, &value) } else { Observation::passed(&value) };
    observation.shown("-", value)
}
