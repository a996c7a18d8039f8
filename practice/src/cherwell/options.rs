//! What one practice system is started with.

use super::calendar::{Culture, Zone};

/// In which form a field's id comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdForm {
    /// `BO:<business object>,FI:<field>`.
    Full,
    /// The field's id alone.
    Bare,
}

/// What one practice system is started with.
#[derive(Debug, Clone)]
pub struct Options {
    /// The loopback port; 0 takes any free one.
    pub port: u16,
    /// How many incidents to make up; none means about 3,000.
    pub rows: Option<u64>,
    /// How fast things happen by themselves: 1.0 is real time, 0.0 stands still.
    pub speed: f64,
    /// Seed of the made-up data.
    pub seed: u64,
    /// Whether rows come as people open them: on working days, with a bad day once in four weeks. A demo has that; in tests
    /// they come evenly.
    pub lifelike: bool,
    /// `apiVersion` and `csmVersion`. From 9.7.0 on `pageNumber` is the number of a row.
    pub version: String,
    /// Whether `pageNumber` is the number of a row, whatever the version says.
    pub by_row: Option<bool>,
    /// The system's culture: that of its texts of dates.
    pub culture: Culture,
    /// Whether `?locale=` changes the culture of a reply.
    pub obeys_locale: bool,
    /// The system's time zone.
    pub zone: Zone,
    /// The zone in which values are written and filters read, where that is not the system's.
    pub value_zone: Option<Zone>,
    /// Where there is no date the least one of .NET is written, `1/1/0001 12:00 AM`, instead of nothing.
    pub least_dates: bool,
    /// Whether `serviceinfo` asks for a token, as every other call does.
    pub info_wants_token: bool,
    /// Whether `pageNumber` counts from 0.
    pub from_zero: bool,
    /// Whether `hasMoreRecords` is told.
    pub tells_more: bool,
    /// Whether `totalRows` counts the rows of the page only.
    pub total_of_page: bool,
    /// Whether the members of replies begin with a capital, as in other versions of the API.
    pub capitals: bool,
    /// Whether `sorting` is ignored: rows come in an order of their own, the same each time.
    pub ignores_sorting: bool,
    /// Business objects that the customer does not have.
    pub without_objects: Vec<String>,
    /// Business objects under names that the customer gave them, after their own.
    pub renamed: Vec<(String, String)>,
    /// Whether `serviceinfo` tells culture, zone and offset.
    pub tells_zone: bool,
    /// The path of an old installation: `/Trebuchet.WebApi` instead of `/CherwellAPI`.
    pub old_path: bool,
    /// Which `sortDirection` is ascending; the documents do not say.
    pub ascending: i64,
    /// The form of ids in schemas and templates.
    pub schema_ids: IdForm,
    /// The form of ids in rows.
    pub row_ids: IdForm,
    /// Whether `gt` and `lt` on a date compare whole minutes, as its text shows them, or its seconds.
    pub compares_minutes: bool,
    /// The authentication mode that the client is set up for.
    pub auth_mode: String,
    /// Seconds an access token lives.
    pub access_life: i64,
    /// Seconds a refresh token lives.
    pub refresh_life: i64,
    /// The most rows in one page.
    pub most_rows: u64,
    /// Whether rows of incidents name their type at all.
    pub incident_types: bool,
    /// Fields that a customer has taken away.
    pub without_fields: Vec<String>,
    /// Fields that the user's security group may not view: their values come empty.
    pub hidden_fields: Vec<String>,
    /// Whether a renewal brings another refresh token, and ends the one it was made with.
    pub new_refresh_tokens: bool,
    /// Incidents have a field `ExternalReference`, which an admin has made for a client's key.
    pub key_field: bool,
    /// The password to use; none makes a new one at each start.
    pub fixed_password: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            rows: None,
            speed: 1.0,
            seed: 20_260_101,
            lifelike: false,
            version: "10.5.0".into(),
            by_row: None,
            culture: Culture::EnUs,
            obeys_locale: true,
            zone: Zone::eastern(),
            value_zone: None,
            least_dates: false,
            info_wants_token: false,
            from_zero: false,
            tells_more: false,
            total_of_page: false,
            capitals: false,
            ignores_sorting: false,
            without_objects: Vec::new(),
            renamed: Vec::new(),
            tells_zone: true,
            old_path: false,
            ascending: 1,
            schema_ids: IdForm::Bare,
            row_ids: IdForm::Full,
            compares_minutes: false,
            auth_mode: "Internal".into(),
            access_life: 1_199,
            refresh_life: 86_400,
            most_rows: 100_000,
            incident_types: true,
            without_fields: Vec::new(),
            hidden_fields: Vec::new(),
            new_refresh_tokens: true,
            key_field: false,
            fixed_password: None,
        }
    }
}

impl Options {
    /// A system on which nothing happens by itself, for tests.
    pub fn still() -> Self {
        Self { speed: 0.0, ..Self::default() }
    }

    /// Whether `pageNumber` is the number of the first row instead of the page's.
    pub(crate) fn pages_by_row(&self) -> bool {
        if let Some(by_row) = self.by_row {
            return by_row;
        }
        let mut parts = self.version.split('.').map(|part| part.parse::<u64>().unwrap_or(0));
        (parts.next().unwrap_or(0), parts.next().unwrap_or(0)) >= (9, 7)
    }

    /// What a business object is called.
    pub(crate) fn shown_name<'a>(&'a self, own: &'a str) -> &'a str {
        self.renamed.iter().find(|(name, _)| name == own).map_or(own, |(_, shown)| shown)
    }

    /// Where the API begins.
    pub(crate) fn base(&self) -> &'static str {
        if self.old_path { "/trebuchet.webapi" } else { "/cherwellapi" }
    }
}
