//! What one practice instance is started with.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::log::LogOptions;
use super::manners::Manners;
use super::oauth::OAuthOptions;
use super::setup::Setup;

/// What one practice instance is started with.
#[derive(Debug, Clone)]
pub struct Options {
    /// The loopback port; 0 takes any free one.
    pub port: u16,
    /// A ServiceNow audit log (CSV, or CSV in xz) to play instead of made-up incidents.
    pub incident_log: Option<PathBuf>,
    /// How many incidents to make up; none means about 3,000.
    pub rows: Option<u64>,
    /// How fast things happen by themselves: 1.0 is real time, 0.0 stands still.
    pub speed: f64,
    /// Seed of the made-up data.
    pub seed: u64,
    /// Whether rows come as people open them: on working days, with a bad day once in four weeks. A demo has that; in tests
    /// they come evenly.
    pub lifelike: bool,
    /// How the incident log is played.
    pub log: LogOptions,
    /// Token lives and grants.
    pub oauth: OAuthOptions,
    /// How far an admin has got with setting up the integration.
    pub setup: Setup,
    /// A rate-limit rule that is there from the start.
    pub rate_rule: Option<RateRule>,
    /// Password and client secret to use; none makes new ones at each start.
    pub fixed_secrets: Option<(String, String)>,
    /// The name of the release, such as `zurich`.
    pub release: String,
    /// The caller's date format in display values.
    pub date_format: DateFormat,
    /// The caller's time zone in display values, as a POSIX TZ text so that no zone database is needed.
    pub time_zone: String,
    /// Whether one invalid part of a query empties the result (`glide.invalid_query.returns_no_rows`).
    pub invalid_query_returns_no_rows: bool,
    /// How it behaves where instances differ.
    pub manners: Manners,
    /// Request targets longer than this are answered with 414.
    pub longest_url: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            incident_log: None,
            rows: None,
            speed: 1.0,
            seed: 20_260_101,
            lifelike: false,
            log: LogOptions::default(),
            oauth: OAuthOptions::default(),
            setup: Setup::default(),
            rate_rule: None,
            fixed_secrets: None,
            release: "zurich".into(),
            date_format: DateFormat::DayFirst,
            time_zone: "CET-1CEST,M3.5.0,M10.5.0/3".into(),
            invalid_query_returns_no_rows: false,
            manners: Manners::default(),
            longest_url: 8192,
        }
    }
}

impl Options {
    /// An instance on which nothing happens by itself, for tests: speed 0.
    pub fn still() -> Self {
        Self { speed: 0.0, ..Self::default() }
    }

    /// An instance on which nobody has prepared anything but the app and the application entry: no integration user,
    /// no roles, the product's default lifespan of 8,640,000 s. Nothing happens by itself.
    pub fn bare() -> Self {
        let oauth = OAuthOptions { refresh_lifespan: 8_640_000, ..OAuthOptions::default() };
        Self { setup: Setup::bare(), oauth, ..Self::still() }
    }
}

/// How the caller sees dates (`sys_user.date_format`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateFormat {
    /// `2016-02-29 01:16:00`
    Iso,
    /// `29-02-2016 01:16:00`
    DayFirst,
}

/// A rate-limit rule for the Table API; without one there are no rate-limit headers at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RateRule {
    /// Requests an hour.
    pub per_hour: u64,
    /// Seconds until the count begins again.
    pub resets_in: u64,
}
