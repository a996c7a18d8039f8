//! What one practice environment is started with.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::Visibility;

/// What one practice environment is started with.
#[derive(Debug, Clone)]
pub struct Options {
    /// The loopback port; 0 takes any free one.
    pub port: u16,
    /// How many incidents to make up; none means about 2,000. There is a change request for every seven.
    pub rows: Option<u64>,
    /// How many of them were changed in one and the same second, as an import leaves them.
    pub tied: u64,
    /// How fast things happen by themselves: 1.0 is real time, 0.0 stands still.
    pub speed: f64,
    /// Seed of the made-up data.
    pub seed: u64,
    /// Whether rows come as people open them: on working days, with a bad day once in four weeks. A demo has that; in tests
    /// they come evenly.
    pub lifelike: bool,
    /// How tables and columns are named.
    pub layout: Layout,
    /// Password and client secret to use; none makes new ones at each start.
    pub fixed_secrets: Option<(String, String)>,
    /// The roles that were given to the integration user and to the application user themselves.
    pub roles: Vec<String>,
    /// The roles they have through a team: the team's name and its roles.
    pub team_roles: Vec<(String, Vec<String>)>,
    /// Whether there is an application user for the application.
    pub application_user: ApplicationUser,
    /// Tables that are shown otherwise than as they are, by their logical names.
    pub visibility: BTreeMap<String, Visibility>,
    /// A service-protection limit that is there from the start.
    pub limit: Option<RateRule>,
    /// `WWW-Authenticate` of a 401; none is the product's own, which names the authority and the tenant.
    pub challenge: Option<String>,
    /// So many rows can be counted at once (`AggregateQueryRecordLimit`).
    pub count_limit: u64,
    /// What the documents leave open.
    pub leeway: Leeway,
}

/// What the documents leave open, and an environment may do in either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leeway {
    /// Whether a paging cookie tells where a page ended; else it only counts pages, and a row that is changed moves all
    /// behind it up.
    pub links_tell_the_row: bool,
    /// Whether links name the host.
    pub whole_links: bool,
    /// The most rows of a page.
    pub most_rows: usize,
    /// Whether `$apply` is known.
    pub counts: bool,
    /// Whether a list within a list comes with `$expand`; else only the link to it does.
    pub nested_lists: bool,
    /// Whether the user may read solutions.
    pub reads_solutions: bool,
    /// Whether tables and columns have labels at all; else they are null.
    pub labels: bool,
    /// Whether a customer has an old table `new_incident`, and a solution that bears Provance's name.
    pub namesake: bool,
    /// Whether a business process flow has a table that is called as the wanted one.
    pub process_flow: bool,
    /// Whether a second publisher, whose prefix begins alike, has an incident table.
    pub second_publisher: bool,
    /// Whether the solution bears Provance's name.
    pub names_provance: bool,
    /// Whether `$count` beside rows is known.
    pub counts_beside_rows: bool,
    /// Whether an incident refers to its configuration item; else it holds the name as a text, or has no column for it.
    pub refers_to_items: bool,
}

impl Default for Leeway {
    fn default() -> Self {
        Self {
            links_tell_the_row: true,
            whole_links: true,
            most_rows: 5_000,
            counts: true,
            nested_lists: true,
            reads_solutions: true,
            labels: true,
            namesake: false,
            process_flow: false,
            second_publisher: false,
            names_provance: true,
            counts_beside_rows: true,
            refers_to_items: false,
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            rows: None,
            tied: 0,
            speed: 1.0,
            seed: 20_260_101,
            lifelike: false,
            layout: Layout::Own,
            fixed_secrets: None,
            roles: vec!["Basic User".into()],
            team_roles: vec![("ITSM Integration".into(), vec!["Provance ITSM Agent".into()])],
            application_user: ApplicationUser::Enabled,
            visibility: BTreeMap::new(),
            limit: None,
            challenge: None,
            count_limit: 50_000,
            leeway: Leeway::default(),
        }
    }
}

impl Options {
    /// An environment on which nothing happens by itself, for tests: speed 0.
    pub fn still() -> Self {
        Self { speed: 0.0, ..Self::default() }
    }

    /// The same with other names.
    #[must_use]
    pub fn layout(self, layout: Layout) -> Self {
        Self { layout, ..self }
    }

    /// The same with so many incidents.
    #[must_use]
    pub fn rows(self, rows: u64) -> Self {
        Self { rows: Some(rows), ..self }
    }
}

/// How tables and columns are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layout {
    /// Tables of the solution's own: `prov_incident`, `prov_changerequest`. Cases are there as well, and are no incidents.
    Own,
    /// Cases (`incident`) with some columns of the solution's, and `prov_change`.
    Case,
    /// `fab_ticket` and `fab_rfc`, of another publisher: nothing by which they could be known.
    Unusual,
}

impl Layout {
    /// Every layout.
    pub const ALL: [Self; 3] = [Self::Own, Self::Case, Self::Unusual];

    /// The name in commands.
    pub fn id(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Case => "case",
            Self::Unusual => "unusual",
        }
    }

    /// The layout with this [`id`](Self::id).
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|layout| layout.id() == id)
    }
}

/// The application user of the environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ApplicationUser {
    /// There is one.
    Enabled,
    /// There is one, switched off.
    Disabled,
    /// There is none.
    Missing,
}

/// A service-protection limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RateRule {
    /// So many requests.
    pub requests: u64,
    /// In so many seconds.
    pub seconds: u64,
}
