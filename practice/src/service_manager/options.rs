//! What one practice web app is started with.

use serde::{Deserialize, Serialize};

use super::layout::Layout;
use super::manners::Manners;

/// What one practice web app is started with.
#[derive(Debug, Clone)]
pub struct Options {
    /// The loopback port; 0 takes any free one.
    pub port: u16,
    /// How its routes are laid out.
    pub layout: Layout,
    /// How many incidents to make up; none means about 3,000.
    pub rows: Option<u64>,
    /// How fast things happen by themselves: 1.0 is real time, 0.0 stands still.
    pub speed: f64,
    /// Seed of the made-up data.
    pub seed: u64,
    /// Whether rows come as people open them: on working days, with a bad day once in four weeks. A demo has that; in tests
    /// they come evenly.
    pub lifelike: bool,
    /// The settings that were not made on the web app.
    pub missing: Vec<Setting>,
    /// The audience that was set; none is the web app's address, as Microsoft's script sets it.
    pub audience: Option<String>,
    /// The client id that may come in; none is the one of the sign-in details.
    pub whitelisted: Option<String>,
    /// For so many seconds a change stays hidden behind the web app's cache (`app:CacheTimeout`).
    pub cache_seconds: f64,
    /// The `api-version` without which nothing is answered, if there is one.
    pub api_version: Option<String>,
    /// What its description leaves open.
    pub manners: Manners,
    /// The client secret to use; none makes a new one at each start.
    pub fixed_secret: Option<String>,
}

/// A setting of the web app (`Web.config`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Setting {
    /// `ida:Tenant`
    Tenant,
    /// `ida:Audience`
    Audience,
    /// `ida:WhitelistedClientId`
    WhitelistedClientId,
    /// `ida:ServerName`
    ServerName,
    /// `ida:Domain`
    Domain,
    /// `ida:Username`
    Username,
}

impl Setting {
    /// All of them, in the order of the home page.
    pub const ALL: [Self; 6] =
        [Self::Tenant, Self::Audience, Self::WhitelistedClientId, Self::ServerName, Self::Domain, Self::Username];

    /// The key in `Web.config`.
    pub fn key(self) -> &'static str {
        match self {
            Self::Tenant => "ida:Tenant",
            Self::Audience => "ida:Audience",
            Self::WhitelistedClientId => "ida:WhitelistedClientId",
            Self::ServerName => "ida:ServerName",
            Self::Domain => "ida:Domain",
            Self::Username => "ida:Username",
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            layout: Layout::Tables,
            rows: None,
            speed: 1.0,
            seed: 20_260_101,
            lifelike: false,
            missing: Vec::new(),
            audience: None,
            whitelisted: None,
            cache_seconds: 0.0,
            api_version: None,
            manners: Manners::default(),
            fixed_secret: None,
        }
    }
}

impl Options {
    /// A web app on which nothing happens by itself, for tests: speed 0.
    pub fn still() -> Self {
        Self { speed: 0.0, ..Self::default() }
    }
}
