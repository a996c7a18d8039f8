//! The practice cloud of a demo: a workspace that its connections feed, set up as the wizard would, and alerts that become
//! tickets.

use jiff::{SignedDuration, Timestamp};

use crate::home::config;
use crate::model::alert_source::{AlertSource, SourceName, SourceState};
use crate::model::fault::Fault;
use crate::model::secret::Secret;
use crate::model::workspace::{AzureSignIn, LOG_TABLE, TABLE, Values, Workspace, WorkspaceName};
use crate::model::workspace_run::Ask;
use crate::service::services::Services;
use crate::service::workspaces;
use crate::ui::app::workspace_wizard::Form;
use itsmc_practice::azure::{Options, Server};
use itsmc_practice::{PracticeError, SignInDetails};

/// What the demo calls its workspace.
const NAME: &str = "contoso-logs";

/// What the wizard is filled in with as the name of one workspace more.
const ANOTHER: &str = "fabrikam-logs";

/// The first rows of a table take so many seconds until they are found, and later ones as many: enough to see the countdown.
const VISIBLE: i64 = 4;

/// What the demo calls its source of alerts.
const SOURCE: &str = "contoso-azure";

/// Alerts that fired so long ago get tickets, so that there are some at once.
const SEEN_BEFORE: SignedDuration = SignedDuration::from_hours(72);

/// Which alerts become tickets; `{connection}` stands for the product's connection.
const RULES: &str = r#"# Which Azure alerts become tickets of the demo. The first rule that an alert matches decides.
# Try a change: itsmc alert check, then itsmc alert preview

[[rule]]
name = "databases"
connection = "{connection}"

[rule.match]
target = "sql-*"

[rule.ticket]
title = "{severity} Database: {rule} on {item}"

[[rule]]
name = "servers"
connection = "{connection}"
reopen_minutes = 30
"#;

/// A practice cloud that runs.
pub struct Cloud {
    server: Server,
}

impl Cloud {
    /// Starts it, with alerts that come and go so fast. The application that sends rows may set up the workspace and read
    /// alerts as well.
    ///
    /// # Errors
    /// When it cannot start.
    pub async fn start(alert_speed: f64) -> Result<Self, Fault> {
        let server = Server::start(Options { alert_speed, ..Options::default() }).await.map_err(unfit)?;
        let (control, details) = (server.control(), server.sign_in());
        let scope = format!("/subscriptions/{}", details.azure_subscription);
        control.assign(&details.object_id, "Owner", &scope).map_err(unfit)?;
        // While the demo opens nobody watches.
        control.change_manners(|manners| manners.tables_at_once = true);
        Ok(Self { server })
    }

    /// The settings that lead to it.
    pub fn settings(&self) -> String {
        let Some(cloud) = &self.server.sign_in().cloud else { return String::new() };
        let keys = [
            ("authority", &cloud.authority),
            ("resource_manager", &cloud.resource_manager),
            ("resource_manager_audience", &cloud.resource_manager_audience),
            ("ingestion", &cloud.ingestion),
            ("ingestion_audience", &cloud.ingestion_audience),
            ("query", &cloud.query),
            ("query_audience", &cloud.query_audience),
        ];
        let lines: String = keys.iter().map(|(key, value)| format!("{key} = \"{value}\"\n")).collect();
        format!("[azure.cloud]\nname = \"custom\"\n{lines}")
    }

    /// Sets up its workspace, which every connection feeds from then on.
    ///
    /// # Errors
    /// When the practice cloud refuses, or it cannot be saved.
    pub async fn connect(&self, services: &Services) -> Result<(), Fault> {
        let workspace = workspace(self.server.sign_in())?;
        let secret = Secret::new(self.server.sign_in().client_secret.clone());
        workspaces::keep_secret(services, &workspace, secret).await?;
        let found = workspaces::find(services, &workspace).await?;
        workspaces::save(services, &found, &services.names().await?).await?;
        let ask = Ask::default();
        let (planned, setup) = workspaces::plan(services, &found, &ask).await?;
        workspaces::apply(services, planned, &setup, &ask, &|_| {}).await.map_err(|(_, fault)| fault)?;
        self.server.control().change_manners(|manners| {
            (manners.tables_at_once, manners.visible_seconds, manners.first_rows_seconds) = (false, VISIBLE, VISIBLE);
        });
        Ok(())
    }

    /// Adds its alerts as a source, with rules that make tickets of them in this connection. Nothing is read yet.
    ///
    /// # Errors
    /// When it cannot be saved.
    pub async fn watch(&self, services: &Services, connection: &str) -> Result<(), Fault> {
        let source = source(self.server.sign_in())?;
        let secret = Secret::new(self.server.sign_in().client_secret.clone());
        workspaces::keep_secret(services, &source.account(), secret).await?;
        config::add_alert_source(&services.home, &source)?;
        let rules = services.home.alert_rules();
        std::fs::write(&rules, RULES.replace("{connection}", connection))
            .map_err(|error| Fault::from_io(&rules, &error))?;
        let now = Timestamp::now();
        let since = now.checked_sub(SEEN_BEFORE).ok();
        let state = SourceState { since, ..SourceState::default() };
        let states = source.subscriptions.iter().map(|id| (id.clone(), state.clone()));
        let store = services.store().await?;
        for state in states {
            store.take_alerts(Vec::new(), source.name.as_str(), None, Some(state), now).await?;
        }
        Ok(())
    }

    /// The wizard's form for one workspace more in it.
    pub fn form(&self) -> Form {
        let details = self.server.sign_in();
        Form {
            name: ANOTHER.to_owned(),
            way: AzureSignIn::ServicePrincipal,
            tenant: details.tenant.clone(),
            client_id: details.client_id.clone(),
            secret: Secret::new(details.client_secret.clone()),
            cursor: ANOTHER.len(),
            ..Form::default()
        }
    }

    /// Stops it.
    pub async fn stop(self) {
        self.server.stop().await;
    }
}

fn workspace(details: &SignInDetails) -> Result<Workspace, Fault> {
    let name = WorkspaceName::parse(NAME).map_err(|_| Fault::Internal { what: NAME.to_owned() })?;
    Ok(Workspace {
        name,
        tenant: details.tenant.clone(),
        sign_in: AzureSignIn::ServicePrincipal,
        client_id: details.client_id.clone(),
        token_file: String::new(),
        subscription: details.azure_subscription.to_lowercase(),
        resource_group: details.azure_resource_group.clone(),
        workspace: details.workspace.clone(),
        workspace_id: String::new(),
        location: String::new(),
        table: TABLE.to_owned(),
        log_table: LOG_TABLE.to_owned(),
        rule: String::new(),
        rule_id: String::new(),
        endpoint: String::new(),
        principal: String::new(),
        values: Values::default(),
    })
}

fn source(details: &SignInDetails) -> Result<AlertSource, Fault> {
    let name = SourceName::parse(SOURCE).map_err(|_| Fault::Internal { what: SOURCE.to_owned() })?;
    Ok(AlertSource {
        name,
        tenant: details.tenant.clone(),
        sign_in: AzureSignIn::ServicePrincipal,
        client_id: details.client_id.clone(),
        token_file: String::new(),
        subscriptions: vec![details.azure_subscription.to_lowercase()],
        // Somebody is watching.
        every_seconds: 10,
        acknowledge: true,
    })
}

fn unfit(error: PracticeError) -> Fault {
    Fault::BadUsage { what: error.to_string() }
}
