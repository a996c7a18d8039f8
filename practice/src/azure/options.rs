//! What the practice cloud starts with.

use std::collections::BTreeMap;

use super::alerts::AlertBook;
use super::documents::first_documents;
use super::manners::Manners;
use super::rights::Assignment;
use super::state::{Inner, Subscription};
use super::workspace::{Capping, Workspace};
use crate::core::clock::machine_now;
use crate::core::estate::SUBSCRIPTION;
use crate::core::rng::{Rng, stable_guid};
use crate::entra::{Application, Authority, Directory, Resource, Tenant, User};
use crate::{CloudDetails, SignInDetails};

/// The audience of Resource Manager.
pub const MANAGER_AUDIENCE: &str = "https://management.practice.example";
/// The audience of ingestion.
pub const INGESTION_AUDIENCE: &str = "https://monitor.practice.example";
/// The audience of the query API.
pub const QUERY_AUDIENCE: &str = "https://api.loganalytics.practice.example";

/// The user who owns the first subscription and may not assign roles in the second.
pub const ADMIN: &str = "admin@contoso.practice.example";
/// The user who may read everything in the first subscription, and nothing else.
pub const READER: &str = "reader@contoso.practice.example";

/// The Azure CLI, with whose id people sign in by a device code.
const AZURE_CLI: &str = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

/// What the practice cloud is started with.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The loopback port; 0 takes any free one.
    pub port: u16,
    /// How it behaves.
    pub manners: Manners,
    /// How fast alerts come by themselves: 1.0 is one about every four minutes, after some of the last weeks; 0 is none.
    pub alert_speed: f64,
}

/// The client id of one of its applications: `sender` with a secret, `workload` with another issuer's tokens, `machine`
/// with the metadata service.
pub fn client_id(name: &str) -> String {
    stable_guid("azure application", name)
}

/// The object id of the application with this name.
pub fn object_id(name: &str) -> String {
    stable_guid("service principal", &client_id(name))
}

pub(super) fn first_state(options: Options, url: String) -> (SignInDetails, Authority, Inner) {
    let mut rng = Rng::unforeseen();
    let password = format!("practice-password-{}", rng.hex(8));
    let secret = format!("practice-secret-{}", rng.hex(8));
    let tenant = tenant(&password, &secret);
    let object_id = tenant.applications[0].object_id.clone();
    let inner = inner(options, &url, &tenant, rng);
    let workspace = &inner.workspaces[0];
    let sign_in = SignInDetails {
        partner: "azure",
        url: url.clone(),
        username: ADMIN.to_owned(),
        password,
        client_id: client_id("sender"),
        client_secret: secret,
        tenant: tenant.id.clone(),
        authority: url.clone(),
        azure_subscription: workspace.subscription.clone(),
        azure_resource_group: workspace.group.clone(),
        workspace: workspace.name.clone(),
        object_id,
        cloud: Some(cloud(&url)),
        control: format!("{url}/practice"),
        ..SignInDetails::default()
    };
    let entra = Authority::new(url, Directory { tenants: vec![tenant] });
    (sign_in, entra, inner)
}

fn cloud(url: &str) -> CloudDetails {
    CloudDetails {
        authority: url.to_owned(),
        resource_manager: url.to_owned(),
        resource_manager_audience: MANAGER_AUDIENCE.to_owned(),
        ingestion: url.to_owned(),
        ingestion_audience: INGESTION_AUDIENCE.to_owned(),
        query: url.to_owned(),
        query_audience: QUERY_AUDIENCE.to_owned(),
    }
}

fn tenant(password: &str, secret: &str) -> Tenant {
    let mut tenant = Tenant::practice("contoso");
    let resource = |uri: &str| Resource::new(stable_guid("azure api", uri), uri);
    tenant.resources.extend([MANAGER_AUDIENCE, INGESTION_AUDIENCE, QUERY_AUDIENCE].map(resource));
    tenant.applications = vec![
        Application::confidential(client_id("sender"), secret, stable_guid("azure secret", "sender")),
        Application::workload(client_id("workload")),
        Application::public(client_id("machine")),
        Application::public(AZURE_CLI),
    ];
    let user = |name: &str| User::new(name, stable_guid("azure user", name), password);
    tenant.users.extend([ADMIN, READER].map(user));
    tenant
}

fn inner(options: Options, url: &str, tenant: &Tenant, mut rng: Rng) -> Inner {
    let subscription = |name: &str, groups: &[(&str, &str)]| Subscription {
        id: stable_guid("azure subscription", name),
        name: name.to_owned(),
        groups: groups.iter().map(|(name, region)| ((*name).to_owned(), (*region).to_owned())).collect(),
    };
    let subscriptions = vec![
        subscription(SUBSCRIPTION, &[("monitoring", "westeurope"), ("network", "westeurope")]),
        subscription("Contoso Shared Services", &[("shared", "northeurope")]),
        subscription("Contoso Sandbox", &[("sandbox", "westeurope")]),
    ];
    let (first, second) = (subscriptions[0].id.clone(), subscriptions[1].id.clone());
    let assign = |nth: usize, role: &str, subscription: &str| Assignment {
        name: stable_guid("azure role", &format!("{role} {nth} {subscription}")),
        scope: format!("/subscriptions/{subscription}"),
        role: role.to_owned(),
        principal: tenant.users[nth].id.clone(),
        principal_type: "User".to_owned(),
        made: 0,
        known: 0,
    };
    let third = subscriptions[2].id.clone();
    Inner {
        url: url.to_owned(),
        tenant: tenant.id.clone(),
        manners: options.manners,
        workspaces: vec![
            workspace(&first, "monitoring", "contoso-logs", "westeurope"),
            workspace(&first, "network", "contoso-network", "westeurope"),
            workspace(&second, "shared", "shared-logs", "northeurope"),
        ],
        subscriptions,
        rules: Vec::new(),
        assignments: vec![
            assign(0, "Owner", &first),
            assign(0, "Contributor", &second),
            assign(0, "Reader", &third),
            assign(1, "Reader", &first),
        ],
        workbooks: Vec::new(),
        operations: Vec::new(),
        alerts: AlertBook::default(),
        documents: first_documents(&first),
        now: 0,
        outage_until: 0,
        identity: Some(client_id("machine")),
        identity_secret: rng.hex(32),
        queries: BTreeMap::new(),
        rng,
    }
}

fn workspace(subscription: &str, group: &str, name: &str, location: &str) -> Workspace {
    Workspace {
        subscription: subscription.to_owned(),
        group: group.to_owned(),
        name: name.to_owned(),
        location: location.to_owned(),
        customer_id: stable_guid("azure workspace", name),
        // The hour differs from workspace to workspace.
        capping: Capping { daily_gb: -1.0, resets: resets(name), status: "RespectQuota".to_owned() },
        tables: Vec::new(),
        searches: Vec::new(),
        operations: Vec::new(),
        rule_errors: Vec::new(),
    }
}

fn resets(name: &str) -> i64 {
    let hour = i64::try_from(name.len() % 24).unwrap_or(0);
    let midnight = machine_now().div_euclid(86_400) * 86_400;
    let today = midnight + hour * 3600;
    (if today > machine_now() { today } else { today + 86_400 }) * 1000
}
