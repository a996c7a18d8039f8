//! The installation checklist of Provance, with the eyes of the connection's own user.

use std::time::Instant;

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::{Provance, describe, errors, steps};
use crate::model::check::{Status, UserUnfit};
use crate::model::checklist::{Answer, Checklist, ChecklistItem, Evidence, ItemFinding, ItemId, SeenBy, Subject};
use crate::model::fault::Fault;
use crate::partner::{ChecklistEvent, OnProgress};

/// The role that may do everything: it works, and is more than is needed.
const ADMINISTRATOR: &str = "System Administrator";

fn own(id: &str) -> ItemId {
    ItemId::Own(id.to_owned())
}

/// The items in order: what others rest on comes first.
pub fn items() -> Vec<ItemId> {
    vec![
        own("app_registered"),
        own("environment_user"),
        own("itsm_role"),
        ItemId::own("excess_roles"),
        own("tables_found"),
    ]
}

/// Looks at every item.
pub async fn run(partner: &Provance, tell: OnProgress<'_>) -> Checklist {
    let mut looked = Looked { partner, stopped: partner.session.tokens().await.err(), user: None, roles: None };
    let mut done = Vec::new();
    for id in items() {
        tell(ChecklistEvent::Started(id.clone()));
        let started = Instant::now();
        let item = looked.item(id).await;
        let item = finish(partner, item, started);
        tell(ChecklistEvent::Ended(Box::new(item.clone())));
        done.push(item);
    }
    Checklist { subject: subject(partner), seen_by: SeenBy::Integration, items: done }
}

fn subject(partner: &Provance) -> Subject {
    let connection = &partner.connection;
    Subject {
        connection: connection.name.to_string(),
        product: partner.spec.name.clone(),
        server_url: connection.server_url.to_string(),
        user_name: connection.username.clone(),
        client_id: connection.client_id.clone(),
    }
}

fn finish(partner: &Provance, item: ChecklistItem, started: Instant) -> ChecklistItem {
    let link = partner.spec.check_link(&item.id, &partner.connection.server_url.to_string());
    let words = partner.spec.check_words(&item.id);
    let millis = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    ChecklistItem { link, words, millis, ..item }
}

struct Looked<'a> {
    partner: &'a Provance,
    /// Why nothing can be asked any more.
    stopped: Option<Fault>,
    /// The user's id.
    user: Option<String>,
    /// The user's roles, each with the team through which it is held.
    roles: Option<Vec<(String, Option<String>)>>,
}

impl Looked<'_> {
    async fn item(&mut self, id: ItemId) -> ChecklistItem {
        if let Some(fault) = &self.stopped {
            return not_asked(id, fault);
        }
        let looked = match id.to_string().as_str() {
            "app_registered" => Ok(self.app()),
            "environment_user" => self.environment_user().await,
            "itsm_role" => self.itsm_role().await,
            "tables_found" => self.tables().await,
            _ => self.excess().await,
        };
        let item = match looked {
            Ok((status, finding, asked)) => {
                let evidence = asked.map(|(asked, value)| evidence(asked, Answer::Value { value }));
                ChecklistItem { evidence: evidence.into_iter().collect(), ..ChecklistItem::found(id, status, finding) }
            }
            Err(fault) => failed(id, fault),
        };
        if let Some(fault) = item.fault.as_ref().filter(|fault| ends_all(fault)) {
            self.stopped = Some(fault.clone());
        }
        item
    }

    /// The tokens are there, so Entra knows the application.
    fn app(&self) -> Judged {
        let client_id = self.partner.connection.client_id.clone();
        let asked = Some(("POST oauth2/v2.0/token".to_owned(), client_id.clone()));
        (Status::Passed, ItemFinding::Seen { value: client_id }, asked)
    }

    async fn environment_user(&mut self) -> Result<Judged, Fault> {
        let id = match steps::who_am_i(self.partner).await {
            Err(Fault::EnvironmentRefused { error_code, detail, .. }) if is_no_user(&error_code) => {
                return Ok(not_a_user(format!("{error_code}: {detail}")));
            }
            id => id?,
        };
        self.user = Some(id.clone());
        let asked = |value: &str| Some(("GET WhoAmI, systemusers".to_owned(), value.to_owned()));
        match steps::user_record(self.partner, &id).await {
            Ok(user) if user.is_disabled() => {
                let finding = ItemFinding::UserUnfit { user_name: user.name(), reason: UserUnfit::Inactive };
                Ok((Status::Failed, finding, asked(&user.name())))
            }
            Ok(user) => Ok((Status::Passed, ItemFinding::Seen { value: user.name() }, asked(&user.name()))),
            // Its id alone proves that there is one.
            Err(fault) if errors::is_refused(&fault) => {
                Ok((Status::Passed, ItemFinding::Seen { value: id.clone() }, asked(&id)))
            }
            Err(fault) => Err(fault),
        }
    }

    async fn roles(&mut self) -> Result<Vec<(String, Option<String>)>, Fault> {
        if let Some(roles) = &self.roles {
            return Ok(roles.clone());
        }
        let id = match &self.user {
            Some(id) => id.clone(),
            None => steps::who_am_i(self.partner).await?,
        };
        let roles = roles_of(self.partner, &id).await?;
        self.roles = Some(roles.clone());
        Ok(roles)
    }

    async fn itsm_role(&mut self) -> Result<Judged, Fault> {
        let roles = match self.roles().await {
            Err(fault) if errors::is_refused(&fault) => return Ok((Status::Unknown, ItemFinding::CannotSee, None)),
            roles => roles?,
        };
        let asked =
            |value: &str| Some(("GET systemuserroles_association, teamroles_association".to_owned(), value.to_owned()));
        let itsm: Vec<String> =
            roles.iter().filter(|(name, _)| name.to_uppercase().contains("ITSM")).map(named).collect();
        if !itsm.is_empty() {
            let value = itsm.join(", ");
            return Ok((Status::Passed, ItemFinding::Seen { value: value.clone() }, asked(&value)));
        }
        let all = roles.iter().map(named).collect::<Vec<_>>().join(", ");
        if roles.iter().any(|(name, _)| name == ADMINISTRATOR) {
            return Ok((Status::Warning, ItemFinding::Seen { value: ADMINISTRATOR.to_owned() }, asked(&all)));
        }
        Ok((Status::Failed, ItemFinding::Lacks { value: all.clone() }, asked(&all)))
    }

    async fn excess(&mut self) -> Result<Judged, Fault> {
        let roles = match self.roles().await {
            Err(fault) if errors::is_refused(&fault) => return Ok((Status::Unknown, ItemFinding::CannotSee, None)),
            roles => roles?,
        };
        let excess: Vec<String> = roles.iter().filter(|(name, _)| name == ADMINISTRATOR).map(named).collect();
        if excess.is_empty() {
            return Ok((Status::Passed, ItemFinding::NoExcess, None));
        }
        Ok((Status::Warning, ItemFinding::Excess { roles: excess }, None))
    }

    async fn tables(&self) -> Result<Judged, Fault> {
        let kinds = &self.partner.connection.work_items;
        let binding = self.partner.binding().await?;
        let (missing, tables) = (binding.missing(kinds), binding.tables(kinds).join(", "));
        let asked = |value: &str| Some(("GET EntityDefinitions, solutions".to_owned(), value.to_owned()));
        if missing.is_empty() {
            return Ok((Status::Passed, ItemFinding::Seen { value: tables.clone() }, asked(&tables)));
        }
        let value = missing.join(", ");
        Ok((Status::Failed, ItemFinding::Lacks { value: value.clone() }, asked(&value)))
    }
}

/// How an item stands, and what was asked and answered.
type Judged = (Status, ItemFinding, Option<(String, String)>);

/// Whether a refusal says that the environment has no such user, or has switched it off.
fn is_no_user(code: &str) -> bool {
    code.eq_ignore_ascii_case(errors::NOT_A_MEMBER) || errors::is_disabled(code)
}

fn not_a_user(detail: String) -> Judged {
    let asked = Some(("GET WhoAmI".to_owned(), detail.clone()));
    (Status::Failed, ItemFinding::Lacks { value: detail }, asked)
}

fn evidence(asked: String, answered: Answer) -> Evidence {
    Evidence { asked, answered, at: Timestamp::now() }
}

fn named((name, team): &(String, Option<String>)) -> String {
    team.as_ref().map_or_else(|| name.clone(), |team| format!("{name} ({team})"))
}

#[derive(Deserialize)]
struct Role {
    #[serde(default)]
    name: Option<String>,
}

#[derive(Deserialize)]
struct Team {
    #[serde(default)]
    teamid: Option<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    teamroles_association: Option<Vec<Role>>,
    /// Where the list is not in the reply itself.
    #[serde(default, rename = "teamroles_association@odata.nextLink")]
    elsewhere: Option<IgnoredAny>,
}

fn word(name: Option<String>) -> String {
    name.map(|name| errors::short(&name)).unwrap_or_default()
}

/// The roles of a user, its own first, then those of its teams.
async fn roles_of(partner: &Provance, user: &str) -> Result<Vec<(String, Option<String>)>, Fault> {
    let path = format!("systemusers({user})/systemuserroles_association?$select=name");
    let direct: Vec<Role> = describe::list(partner, &path, "roles").await?;
    let mut roles: Vec<(String, Option<String>)> = direct.into_iter().map(|role| (word(role.name), None)).collect();
    for team in teams_of(partner, user).await? {
        let through = match team.teamroles_association {
            Some(roles) if team.elsewhere.is_none() => roles,
            _ => team_roles(partner, team.teamid.as_deref()).await?,
        };
        let name = word(team.name);
        roles.extend(through.into_iter().map(|role| (word(role.name), Some(name.clone()))));
    }
    Ok(roles)
}

/// The teams of a user, with their roles where the product gives both at once.
async fn teams_of(partner: &Provance, user: &str) -> Result<Vec<Team>, Fault> {
    let path = format!("systemusers({user})/teammembership_association?$select=teamid,name");
    let with_roles = format!("{path}&$expand=teamroles_association($select=name)");
    match describe::list(partner, &with_roles, "teams").await {
        Err(Fault::PartnerError { status: 400 | 501, .. }) => describe::list(partner, &path, "teams").await,
        teams => teams,
    }
}

async fn team_roles(partner: &Provance, team: Option<&str>) -> Result<Vec<Role>, Fault> {
    let plain = |id: &&str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    let malformed = || Fault::Malformed { what: "teams".to_owned(), detail: "no roles of a team".to_owned() };
    let team = team.filter(plain).ok_or_else(malformed)?;
    describe::list(partner, &format!("teams({team})/teamroles_association?$select=name"), "roles").await
}

fn failed(id: ItemId, fault: Fault) -> ChecklistItem {
    let found = ChecklistItem::found(id, Status::Unknown, ItemFinding::NoAnswer);
    ChecklistItem { fault: Some(fault), ..found }
}

/// An item that is not asked for, because the answer would be the same for all.
fn not_asked(id: ItemId, fault: &Fault) -> ChecklistItem {
    if id == own("app_registered") && matches!(fault, Fault::SignInImpossible { .. } | Fault::SignInRefused { .. }) {
        let found = ChecklistItem::found(id, Status::Failed, ItemFinding::NotSignedIn);
        return ChecklistItem { fault: Some(fault.clone()), ..found };
    }
    let refused = matches!(fault.exit_code(), 3);
    let finding = if refused { ItemFinding::NotSignedIn } else { ItemFinding::NoAnswer };
    ChecklistItem {
        fault: Some(fault.clone()),
        ask_admin: refused,
        ..ChecklistItem::found(id, Status::Unknown, finding)
    }
}

/// Whether the next question would meet the same.
fn ends_all(fault: &Fault) -> bool {
    matches!(fault.exit_code(), 3 | 6) || matches!(fault, Fault::LoginPage { .. } | Fault::Redirected { .. })
}
