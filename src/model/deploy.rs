//! Deploying the web app of Service Manager: what must be known for it, and what makes each value fit.
//!
//! The values are those of Microsoft's own script ("Create Service Manager Web app using the automated script"), but for
//! the password, which is never asked for here: Azure asks for it, or takes it from a key vault.

mod files;

use std::collections::BTreeMap;

use super::azure_id::is_guid;
use super::lang::Lang;

pub use files::{File, HYBRID, files};

/// What a deployment is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DeployField {
    /// The subscription's ID.
    Subscription,
    /// The resource group; it is made if it is not there.
    ResourceGroup,
    /// The region.
    Location,
    /// The management server of Service Manager, by its fully qualified name.
    ServerName,
    /// The Windows domain of the account.
    Domain,
    /// The account, without its domain.
    Username,
    /// How the web app's name begins.
    SitePrefix,
    /// The Service Bus namespace; empty makes one by the web app's name.
    Namespace,
    /// The price of the App Service plan.
    Plan,
    /// The secret of a key vault that holds the account's password; empty has Azure ask for it.
    PasswordSecret,
}

/// Why a value does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeployProblem {
    /// Nothing was given.
    Missing,
    /// Not the ID of a subscription.
    NotASubscription,
    /// Not a resource group's name.
    NotAGroup,
    /// Not a region's name.
    NotALocation,
    /// Not a fully qualified name.
    NotQualified,
    /// Not a domain.
    NotADomain,
    /// Not an account's name without its domain.
    NotAUser,
    /// Not the beginning of a web app's name.
    NotAPrefix,
    /// Not a namespace's name.
    NotANamespace,
    /// None of the prices of Microsoft's template.
    NotAPlan,
    /// Not the ID of a key vault's secret.
    NotASecret,
}

/// What is worth knowing before it is deployed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeployWarning {
    /// The plan has no hybrid connections.
    PlanWithoutHybridConnections,
    /// The app registration cannot have the web app's address as its identifier.
    IdentifierUri,
    /// The hybrid connection is made by hand.
    HybridConnectionByHand,
}

impl DeployWarning {
    /// The name in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Self::PlanWithoutHybridConnections => "plan-without-hybrid-connections",
            Self::IdentifierUri => "identifier-uri",
            Self::HybridConnectionByHand => "hybrid-connection-by-hand",
        }
    }
}

/// The prices that Microsoft's template knows; the first two have no hybrid connections.
pub const PLANS: [&str; 12] = ["F1", "D1", "B1", "B2", "B3", "S1", "S2", "S3", "P1", "P2", "P3", "P4"];

/// How many numbers Microsoft's script draws from for a web app's name.
pub const SITE_NUMBERS: u32 = 32_000;

impl DeployField {
    /// All, in the order in which they are asked for.
    pub const ALL: [Self; 10] = [
        Self::Subscription,
        Self::ResourceGroup,
        Self::Location,
        Self::ServerName,
        Self::Domain,
        Self::Username,
        Self::SitePrefix,
        Self::Namespace,
        Self::Plan,
        Self::PasswordSecret,
    ];

    /// The key in a file and in JSON.
    pub fn key(self) -> &'static str {
        match self {
            Self::Subscription => "subscription",
            Self::ResourceGroup => "resource_group",
            Self::Location => "location",
            Self::ServerName => "server_name",
            Self::Domain => "domain",
            Self::Username => "username",
            Self::SitePrefix => "site_prefix",
            Self::Namespace => "namespace",
            Self::Plan => "plan",
            Self::PasswordSecret => "password_secret",
        }
    }

    /// The field with this [`key`](Self::key).
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.key() == key)
    }

    /// What it is if nothing is given; `None` if something must be. Those of Microsoft's script and template.
    pub fn default(self) -> Option<&'static str> {
        match self {
            Self::SitePrefix => Some("smoc"),
            Self::Plan => Some("S1"),
            Self::Namespace | Self::PasswordSecret => Some(""),
            _ => None,
        }
    }

    /// Whether it is asked for where it is not given, rather than left as usual.
    pub fn is_asked(self) -> bool {
        !matches!(self, Self::Plan | Self::PasswordSecret)
    }

    /// Reads a value: what it is made into. None may hold what a shell would take for more than text.
    ///
    /// # Errors
    /// Why it does not fit.
    pub fn read(self, given: &str) -> Result<String, DeployProblem> {
        let given = given.trim();
        let text = if given.is_empty() { self.default().ok_or(DeployProblem::Missing)? } else { given };
        let (text, fits, problem) = match self {
            Self::Subscription => (text.to_lowercase(), is_guid as fn(&str) -> bool, DeployProblem::NotASubscription),
            Self::ResourceGroup => (text.to_owned(), is_group as _, DeployProblem::NotAGroup),
            Self::Location => (text.to_lowercase().replace(' ', ""), is_location as _, DeployProblem::NotALocation),
            Self::ServerName => (text.trim_end_matches('.').to_owned(), is_qualified as _, DeployProblem::NotQualified),
            Self::Domain => (text.to_owned(), is_domain as _, DeployProblem::NotADomain),
            Self::Username => (text.to_owned(), is_user as _, DeployProblem::NotAUser),
            Self::SitePrefix => (text.to_lowercase(), is_prefix as _, DeployProblem::NotAPrefix),
            Self::Namespace => (bare_namespace(text), is_namespace as _, DeployProblem::NotANamespace),
            Self::Plan => (text.to_uppercase(), is_plan as _, DeployProblem::NotAPlan),
            Self::PasswordSecret => (text.to_owned(), is_secret as _, DeployProblem::NotASecret),
        };
        if fits(&text) { Ok(text) } else { Err(problem) }
    }
}

fn within(text: &str, least: usize, most: usize, fits: impl Fn(char) -> bool) -> bool {
    (least..=most).contains(&text.len()) && text.chars().all(fits)
}

fn name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-'
}

fn is_group(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '(' | ')');
    within(text, 1, 90, fits) && !text.ends_with('.')
}

fn is_location(text: &str) -> bool {
    within(text, 4, 40, |c| c.is_ascii_lowercase() || c.is_ascii_digit())
}

fn is_domain(text: &str) -> bool {
    let label = |label: &str| within(label, 1, 63, name) && !label.starts_with('-') && !label.ends_with('-');
    text.len() <= 253 && text.split('.').all(label)
}

fn is_qualified(text: &str) -> bool {
    text.contains('.') && is_domain(text) && text.parse::<std::net::IpAddr>().is_err()
}

/// What Windows forbids in an account's name, and what a shell takes for more than text.
fn is_user(text: &str) -> bool {
    let forbidden = |c: char| "\"/\\[]:;|=,+*?<>@'`$%&!{}#".contains(c);
    (1..=64).contains(&text.chars().count()) && !text.chars().any(|c| forbidden(c) || c.is_control())
}

/// The number takes up to 5 of the 60 characters of a web app's name, and a namespace of at most 50 is made of it.
fn is_prefix(text: &str) -> bool {
    within(text, 2, 40, name) && text.starts_with(|c: char| c.is_ascii_alphabetic()) && !text.contains("--")
}

fn bare_namespace(text: &str) -> String {
    text.strip_suffix(".servicebus.windows.net").unwrap_or(text).to_lowercase()
}

fn is_namespace(text: &str) -> bool {
    let begins = text.starts_with(|c: char| c.is_ascii_alphabetic());
    text.is_empty() || (within(text, 6, 50, name) && begins && !text.ends_with('-'))
}

fn is_plan(text: &str) -> bool {
    PLANS.contains(&text)
}

fn is_secret(text: &str) -> bool {
    text.is_empty() || vault_and_secret(text).is_some()
}

/// The ID of the vault and the name of the secret of
/// `/subscriptions/../providers/Microsoft.KeyVault/vaults/NAME/secrets/SECRET`.
fn vault_and_secret(text: &str) -> Option<(&str, &str)> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '(' | ')' | '/');
    let (vault, secret) = text.rsplit_once("/secrets/")?;
    let whole = text.starts_with("/subscriptions/") && vault.contains("/providers/Microsoft.KeyVault/vaults/");
    (whole && text.chars().all(fits) && within(secret, 1, 127, name)).then_some((vault, secret))
}

/// A deployment, with every value fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deployment {
    /// The subscription's ID.
    pub subscription: String,
    /// The resource group.
    pub group: String,
    /// The region.
    pub location: String,
    /// The management server.
    pub server: String,
    /// The account's domain.
    pub domain: String,
    /// The account.
    pub username: String,
    /// The web app.
    pub site: String,
    /// The Service Bus namespace.
    pub namespace: String,
    /// Whether the namespace is there already.
    pub namespace_exists: bool,
    /// The price of the plan.
    pub plan: String,
    /// The vault's ID and the secret's name, if the password comes from there.
    pub password_secret: Option<(String, String)>,
}

impl Deployment {
    /// Reads all values. `number` makes the web app's name one that nobody else has, as Microsoft's script does.
    ///
    /// # Errors
    /// Every field that does not fit.
    pub fn read(
        given: impl Fn(DeployField) -> Option<String>,
        number: u32,
    ) -> Result<Self, Vec<(DeployField, DeployProblem)>> {
        let mut problems = Vec::new();
        let mut read = |field: DeployField| match field.read(&given(field).unwrap_or_default()) {
            Ok(text) => text,
            Err(problem) => {
                problems.push((field, problem));
                String::new()
            }
        };
        let [subscription, group, location, server, domain, username, prefix, namespace, plan, secret] =
            DeployField::ALL.map(&mut read);
        if !problems.is_empty() {
            return Err(problems);
        }
        let site = format!("{prefix}{}", number % SITE_NUMBERS);
        let namespace_exists = !namespace.is_empty();
        let namespace = if namespace_exists { namespace } else { format!("{site}sbn") };
        let password_secret = vault_and_secret(&secret).map(|(vault, secret)| (vault.to_owned(), secret.to_owned()));
        Ok(Self {
            subscription,
            group,
            location,
            server,
            domain,
            username,
            site,
            namespace,
            namespace_exists,
            plan,
            password_secret,
        })
    }

    /// The web app's address.
    pub fn url(&self) -> String {
        format!("https://{}.azurewebsites.net", self.site)
    }

    /// What is worth knowing of it.
    pub fn warnings(&self) -> Vec<DeployWarning> {
        let plan = PLANS[..2].contains(&self.plan.as_str()).then_some(DeployWarning::PlanWithoutHybridConnections);
        plan.into_iter().chain([DeployWarning::IdentifierUri, DeployWarning::HybridConnectionByHand]).collect()
    }
}

/// What is to be written, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// The values, as given.
    pub given: BTreeMap<DeployField, String>,
    /// The folder; a `~` at its beginning is the home folder.
    pub folder: String,
    /// The language of what is to be read.
    pub lang: Lang,
    /// The words of each warning, in that language.
    pub warnings: Vec<String>,
}

impl Order {
    /// The order for these values, if all fit; `word` puts a warning into words.
    ///
    /// # Errors
    /// Every field that does not fit.
    pub fn new(
        given: BTreeMap<DeployField, String>,
        folder: String,
        lang: Lang,
        word: impl Fn(Lang, DeployWarning) -> String,
    ) -> Result<Self, Vec<(DeployField, DeployProblem)>> {
        // No warning depends on the number.
        let deployment = Deployment::read(|field| given.get(&field).cloned(), 0)?;
        let warnings = deployment.warnings().into_iter().map(|warning| word(lang, warning)).collect();
        Ok(Self { given, folder, lang, warnings })
    }

    /// The deployment, by a number that makes its name one that nobody else has.
    ///
    /// # Errors
    /// Every field that does not fit.
    pub fn deployment(&self, number: u32) -> Result<Deployment, Vec<(DeployField, DeployProblem)>> {
        Deployment::read(|field| self.given.get(&field).cloned(), number)
    }
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// What it deploys.
    pub deployment: Deployment,
    /// The folder, from the root.
    pub folder: String,
    /// The files in it, by their names, in order.
    pub files: Vec<String>,
}

#[cfg(test)]
#[path = "deploy/tests.rs"]
mod tests;
