//! Faults that can be asked for.

use serde::{Deserialize, Serialize};

/// What goes wrong. `docs/practice.md` has the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// 401 with a plain `Bearer` challenge.
    Unauthorized,
    /// 403 as JSON.
    Forbidden,
    /// 400 `ApiVersionUnspecified`.
    ApiVersionUnspecified,
    /// 400 `UnsupportedApiVersion`.
    UnsupportedApiVersion,
    /// 400 with `ModelState`.
    ModelState,
    /// 404 of a route that is not there.
    NoRoute,
    /// 500 with a .NET stack in `Message`.
    ServerError,
    /// 500: the web app's account may not.
    NoPermission,
    /// 500: the management server cannot be reached.
    ServerUnreachable,
    /// 403 with the page of a stopped App Service.
    Stopped,
    /// 503 with HTML.
    Unavailable,
    /// 302 to a sign-in page, as App Service's own authentication does.
    LoginRedirect,
    /// 200 with an HTML page.
    Html,
    /// 200 that says JSON and is none.
    NotJson,
    /// 200 with half the JSON.
    Truncated,
    /// The connection is reset in the middle of the body.
    Reset,
    /// The answer takes `millis` longer, as after a cold start.
    Slow,
    /// The rows of a page come in reverse.
    OutOfOrder,
    /// The conditions on time are dropped.
    FilterIgnored,
    /// Control and bidirectional characters in a title.
    EscapeSequences,
    /// Numbers, booleans and nulls where texts belong.
    WrongTypes,
    /// The `Date` header is `seconds` off.
    ClockSkew,
}

impl FaultKind {
    /// Whether it changes a page of rows instead of replacing the answer.
    pub(super) fn of_page(self) -> bool {
        use FaultKind as F;
        matches!(self, F::OutOfOrder | F::FilterIgnored | F::EscapeSequences | F::WrongTypes | F::Truncated | F::Reset)
    }

    fn everywhere(self) -> bool {
        matches!(self, Self::Stopped | Self::Unavailable | Self::LoginRedirect | Self::ClockSkew | Self::Slow)
    }
}

/// One fault that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultSpec {
    /// What goes wrong.
    pub fault: FaultKind,
    /// How often; 0 until it is cleared.
    #[serde(default = "once")]
    pub times: u64,
    /// So many matching requests pass first.
    #[serde(default)]
    pub after: u64,
    /// Only requests whose path holds this text.
    #[serde(default)]
    pub path: Option<String>,
    /// `clock-skew`: seconds ahead.
    #[serde(default)]
    pub seconds: i64,
    /// `slow`: the delay.
    #[serde(default)]
    pub millis: u64,
}

fn once() -> u64 {
    1
}

impl FaultSpec {
    /// This fault, once, at the next request it can befall.
    pub fn new(fault: FaultKind) -> Self {
        Self { fault, times: 1, after: 0, path: None, seconds: 0, millis: 0 }
    }

    /// So often; 0 until it is cleared.
    pub fn times(self, times: u64) -> Self {
        Self { times, ..self }
    }

    /// After so many matching requests.
    pub fn after(self, after: u64) -> Self {
        Self { after, ..self }
    }

    /// Only where the path holds this text.
    pub fn on(self, path: &str) -> Self {
        Self { path: Some(path.into()), ..self }
    }

    fn befalls(&self, path: &str) -> bool {
        match &self.path {
            Some(part) => path.contains(part.as_str()),
            None => self.fault.everywhere() || (path.starts_with("/api/") && path != "/api/configtest"),
        }
    }
}

/// The faults that are still to come.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<FaultSpec>);

impl Faults {
    pub(super) fn add(&mut self, spec: FaultSpec) {
        self.0.push(spec);
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    pub(super) fn pending(&self) -> &[FaultSpec] {
        &self.0
    }

    /// The faults that befall this request: of pages of rows, or of any answer.
    pub(super) fn take(&mut self, path: &str, of_page: bool) -> Vec<FaultSpec> {
        let mut taken = Vec::new();
        self.0.retain_mut(|spec| {
            if spec.fault.of_page() != of_page || !spec.befalls(path) {
                return true;
            }
            if spec.after > 0 {
                spec.after -= 1;
                return true;
            }
            taken.push(spec.clone());
            let endless = spec.times == 0;
            spec.times = spec.times.saturating_sub(1);
            endless || spec.times > 0
        });
        taken
    }
}
