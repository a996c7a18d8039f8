//! The installation checklist of Provance, checked as the connection's own user.

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::tickets::item;
use super::{Provance, describe, errors, steps};
use crate::model::check::{Status, UserUnfit};
use crate::model::checklist::{Checklist, ItemFinding, ItemId, SeenBy};
use crate::model::fault::Fault;
use crate::model::work_item::WorkItemKind;
use crate::net::http::PAGE_LIMIT_BYTES;
use crate::partner::checklist::{self, Observation, Observer};
use crate::partner::{BoxFuture, OnProgress};

/// The role that may do everything: it works, but is more than is needed.
const ADMINISTRATOR: &str = "System Administrator";

const APP: &str = "app_registered";

/// That configuration items may be made, where the connection makes them.
const ITEMS: &str = "make_items";

/// The items in order: each after those it depends on.
pub fn items(partner: &Provance) -> Vec<ItemId> {
    let always = [APP, "environment_user", "itsm_role", "excess_roles", "tables_found"].map(ItemId::own);
    let made = partner.connection.create_configuration_items.then(|| ItemId::own(ITEMS));
    always.into_iter().chain(made).collect()
}

/// Checks every item.
pub async fn run(partner: &Provance, tell: OnProgress<'_>) -> Checklist {
    let refused = partner.session.tokens().await.err();
    let mut checks = Checks { partner, refused: refused.clone(), user: None, roles: None };
    let (connection, spec) = (&partner.connection, &partner.spec);
    let items = checklist::run((connection, spec), items(partner), &mut checks, refused, tell).await;
    Checklist { subject: checklist::subject(connection, spec), seen_by: SeenBy::Integration, items }
}

struct Checks<'a> {
    partner: &'a Provance,
    /// Why there is no token.
    refused: Option<Fault>,
    /// The user's id.
    user: Option<String>,
    /// The user's roles, each with the team through which it is held.
    roles: Option<Vec<(String, Option<String>)>>,
}

impl Observer for Checks<'_> {
    fn observe<'a>(&'a mut self, id: &'a ItemId) -> BoxFuture<'a, Observation> {
        Box::pin(async move {
            let checked = match id.to_string().as_str() {
                APP => Ok(self.app()),
                "environment_user" => self.environment_user().await,
                "itsm_role" => self.itsm_role().await,
                "tables_found" => self.tables().await,
                ITEMS => self.items_made().await,
                _ => self.excess().await,
            };
            checked.unwrap_or_else(failed)
        })
    }

    /// The sign-in before the checks proves the application, or shows that it is refused.
    fn asks_product(&self, id: &ItemId) -> bool {
        *id != ItemId::own(APP)
    }
}

/// What failed within the product's answers, and so is for its admin to correct.
fn failed(fault: Fault) -> Observation {
    Observation { finding: Some(ItemFinding::NoAnswer), ..Observation::no_answer(fault) }
}

impl Checks<'_> {
    /// Entra issues tokens to an application that it knows.
    fn app(&self) -> Observation {
        let client_id = &self.partner.connection.client_id;
        match &self.refused {
            None => Observation::passed(client_id).shown("POST oauth2/v2.0/token", client_id),
            Some(fault @ (Fault::SignInImpossible { .. } | Fault::SignInRefused { .. })) => {
                let observation = Observation::new(Status::Failed, ItemFinding::NotSignedIn);
                Observation { fault: Some(fault.clone()), ..observation }
            }
            Some(fault) => Observation::not_asked(fault),
        }
    }

    async fn environment_user(&mut self) -> Result<Observation, Fault> {
        let id = match steps::who_am_i(self.partner).await {
            Err(Fault::EnvironmentRefused { error_code, detail, .. }) if is_no_user(&error_code) => {
                let detail = format!("{error_code}: {detail}");
                return Ok(Observation::lacks(Status::Failed, &detail).shown("GET WhoAmI", detail));
            }
            id => id?,
        };
        self.user = Some(id.clone());
        let (observation, value) = match steps::user_record(self.partner, &id).await {
            Ok(user) if user.is_disabled() => {
                let finding = ItemFinding::UserUnfit { user_name: user.name(), reason: UserUnfit::Inactive };
                (Observation::new(Status::Failed, finding), user.name())
            }
            Ok(user) => (Observation::passed(user.name()), user.name()),
            // Its id alone proves that there is one.
            Err(fault) if errors::is_refused(&fault) => (Observation::passed(&id), id),
            Err(fault) => return Err(fault),
        };
        Ok(observation.shown("GET WhoAmI, systemusers", value))
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

    async fn itsm_role(&mut self) -> Result<Observation, Fault> {
        let roles = match self.roles().await {
            Err(fault) if errors::is_refused(&fault) => return Ok(Observation::hidden()),
            roles => roles?,
        };
        let asked = "GET systemuserroles_association, teamroles_association";
        let itsm: Vec<String> =
            roles.iter().filter(|(name, _)| name.to_uppercase().contains("ITSM")).map(named).collect();
        if !itsm.is_empty() {
            let value = itsm.join(", ");
            return Ok(Observation::passed(&value).shown(asked, value));
        }
        let all = roles.iter().map(named).collect::<Vec<_>>().join(", ");
        let observation = match roles.iter().any(|(name, _)| name == ADMINISTRATOR) {
            true => Observation { status: Status::Warning, ..Observation::passed(ADMINISTRATOR) },
            false => Observation::lacks(Status::Failed, &all),
        };
        Ok(observation.shown(asked, all))
    }

    async fn excess(&mut self) -> Result<Observation, Fault> {
        let roles = match self.roles().await {
            Err(fault) if errors::is_refused(&fault) => return Ok(Observation::hidden()),
            roles => roles?,
        };
        let excess: Vec<String> = roles.iter().filter(|(name, _)| name == ADMINISTRATOR).map(named).collect();
        Ok(match excess.is_empty() {
            true => Observation::new(Status::Passed, ItemFinding::NoExcess),
            false => Observation::new(Status::Warning, ItemFinding::Excess { roles: excess }),
        })
    }

    /// The rights to find and make configuration items.
    async fn items_made(&mut self) -> Result<Observation, Fault> {
        let bound = self.partner.bound(WorkItemKind::Incident).await?;
        let items = match item::of(self.partner, &bound).await? {
            Ok(items) => items,
            Err(why) => {
                let value = serde_json::to_value(why).unwrap_or_default();
                let told = value["code"].as_str().unwrap_or_default().to_owned();
                let asked = "GET EntityDefinitions, ManyToOneRelationships";
                return Ok(Observation::lacks(Status::Warning, &told).shown(asked, told));
            }
        };
        let id = match &self.user {
            Some(id) => id.clone(),
            None => steps::who_am_i(self.partner).await?,
        };
        let table = &items.table.name;
        let asked = "GET EntityDefinitions, RetrieveUserPrivileges";
        let (needed, held) = match (needed(self.partner, table).await, held(self.partner, &id).await) {
            (Ok(needed), Ok(held)) if !needed.is_empty() => (needed, held),
            // An environment that does not tell it.
            (Err(fault @ Fault::RateLimited { .. }), _) | (_, Err(fault @ Fault::RateLimited { .. })) => {
                return Err(fault);
            }
            _ => return Ok(Observation::hidden()),
        };
        let has = |one: &String| held.iter().any(|held| held.eq_ignore_ascii_case(one));
        let missing: Vec<_> =
            needed.iter().filter(|(name, id)| !has(name) && !has(id)).map(|(name, _)| name.clone()).collect();
        Ok(match missing.is_empty() {
            true => Observation::passed(table).shown(asked, table),
            false => Observation::lacks(Status::Warning, missing.join(", ")).shown(asked, missing.join(", ")),
        })
    }

    async fn tables(&self) -> Result<Observation, Fault> {
        let kinds = &self.partner.connection.work_items;
        let binding = self.partner.binding().await?;
        let (missing, tables) = (binding.missing(kinds).join(", "), binding.bound_tables(kinds).join(", "));
        let asked = "GET EntityDefinitions, solutions";
        Ok(match missing.is_empty() {
            true => Observation::passed(&tables).shown(asked, tables),
            false => Observation::lacks(Status::Failed, &missing).shown(asked, missing),
        })
    }
}

/// The privileges that a user needs to make rows of a table.
async fn needed(partner: &Provance, table: &str) -> Result<Vec<(String, String)>, Fault> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Definition {
        #[serde(default)]
        privileges: Vec<Privilege>,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Privilege {
        name: String,
        privilege_id: String,
        privilege_type: String,
    }
    let path =
        format!("{}EntityDefinitions(LogicalName=%27{table}%27)?$select=LogicalName,Privileges", super::query::API);
    let reply = partner.fetch(&path, table, None, PAGE_LIMIT_BYTES).await?;
    let malformed = |_| Fault::Malformed { what: table.to_owned(), detail: "no privileges".to_owned() };
    let told: Definition = serde_json::from_slice(&reply.body).map_err(malformed)?;
    let wanted = |one: &Privilege| matches!(one.privilege_type.as_str(), "Create" | "Read");
    Ok(told.privileges.into_iter().filter(wanted).map(|one| (one.name, one.privilege_id)).collect())
}

/// The privileges that a user has by whatever role, by name and id (`RetrieveUserPrivileges`).
async fn held(partner: &Provance, user: &str) -> Result<Vec<String>, Fault> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Reply {
        role_privileges: Vec<One>,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct One {
        privilege_id: String,
        #[serde(default)]
        privilege_name: Option<String>,
    }
    let path = format!("{}systemusers({user})/Microsoft.Dynamics.CRM.RetrieveUserPrivileges()", super::query::API);
    let reply = partner.fetch(&path, "RetrieveUserPrivileges", None, PAGE_LIMIT_BYTES).await?;
    let what = "RetrieveUserPrivileges".to_owned();
    let malformed = |_| Fault::Malformed { what, detail: "no privileges".to_owned() };
    let told: Reply = serde_json::from_slice(&reply.body).map_err(malformed)?;
    Ok(told
        .role_privileges
        .into_iter()
        .flat_map(|one| [Some(one.privilege_id), one.privilege_name])
        .flatten()
        .collect())
}

/// Whether a refusal says that the environment has no such user, or has switched it off.
fn is_no_user(code: &str) -> bool {
    code.eq_ignore_ascii_case(errors::NOT_A_MEMBER) || errors::is_disabled(code)
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
