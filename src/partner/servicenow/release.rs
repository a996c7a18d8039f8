//! The release, out of an instance's build tag.

use serde_json::Value as Json;

use super::errors::short;
use crate::model::partner::Release;

/// A release as an instance names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Build {
    /// The release's id: its name in lower case, two words joined, such as `washingtondc`.
    pub release: String,
    /// Date, patch and hotfix, such as `07-01-2025 patch 2`.
    pub build: String,
}

/// Reads `glide-RELEASE-MM-DD-YYYY__patchN[-hotfixM…][-MM-DD-YYYY…]`, with or without what follows.
pub fn parse(tag: &str) -> Option<Build> {
    let rest = tag.trim().strip_prefix("glide-")?;
    let (release, rest) = rest.split_once('-')?;
    let (date, rest) = rest.split_once("__patch")?;
    let digits = |text: &str| text.chars().take_while(char::is_ascii_digit).collect::<String>();
    let patch = digits(rest);
    let hotfix = rest.get(patch.len()..)?.strip_prefix("-hotfix").map(digits).filter(|digits| !digits.is_empty());
    let named = !release.is_empty() && release.bytes().all(|byte| byte.is_ascii_lowercase());
    if !named || patch.is_empty() || !is_date(date) {
        return None;
    }
    let hotfix = hotfix.map(|number| format!(" hotfix {number}")).unwrap_or_default();
    Some(Build { release: release.to_owned(), build: format!("{date} patch {patch}{hotfix}") })
}

fn is_date(text: &str) -> bool {
    let dashed = |(place, byte): (usize, u8)| if matches!(place, 2 | 5) { byte == b'-' } else { byte.is_ascii_digit() };
    text.len() == 10 && text.bytes().enumerate().all(dashed)
}

/// The release by rows of `sys_properties`: its name, its build, and whether the connector is known with it.
pub fn of_properties(releases: &[Release], rows: &[Json]) -> Option<(String, Option<String>, bool)> {
    let property = |name: &str| {
        let row = rows.iter().find(|row| row["name"].as_str() == Some(name))?;
        row["value"].as_str().filter(|value| !value.is_empty())
    };
    let build = ["glide.buildtag", "glide.war"].into_iter().find_map(|name| parse(property(name)?));
    let named = build.as_ref().map(|build| build.release.as_str()).or_else(|| property("glide.buildname"))?;
    let known = known(releases, named);
    let name = known.map_or_else(|| short(named), |release| release.name.clone());
    Some((name, build.map(|build| build.build), known.is_some()))
}

/// The first release on which the client-credentials grant acts as a real user (KB0745184, KB1645212).
const CLIENT_CREDENTIALS_FROM: &str = "washingtondc";

/// Whether an application may sign in with its own secret alone on the release of this name; `None` for one that
/// is not known.
pub fn allows_client_credentials(releases: &[Release], name: &str) -> Option<bool> {
    let place = |wanted: &Release| releases.iter().position(|release| release.id == wanted.id);
    let from = known(releases, CLIENT_CREDENTIALS_FROM).and_then(place)?;
    known(releases, name).and_then(place).map(|place| place >= from)
}

/// The release of this id or name among the known ones. Never compared by first letter: the alphabet began
/// again after Zurich.
pub fn known<'a>(releases: &'a [Release], id_or_name: &str) -> Option<&'a Release> {
    let id: String = id_or_name.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    releases.iter().find(|release| release.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::partner::servicenow::testing::spec;
    use rstest::rstest;

    #[rstest]
    #[case("geneva", Some(false))]
    #[case("Vancouver", Some(false))]
    #[case("washingtondc", Some(true))]
    #[case("Washington DC", Some(true))]
    #[case("zurich", Some(true))]
    #[case("australia", Some(true))]
    #[case("brazil", None)]
    fn client_credentials_are_possible_from_washington_dc_on(#[case] release: &str, #[case] expected: Option<bool>) {
        assert_eq!(allows_client_credentials(&spec().releases, release), expected);
    }

    #[rstest]
    #[case("glide-zurich-07-01-2025__patch2-09-10-2025", Some(("zurich", "07-01-2025 patch 2")))]
    #[case("glide-zurich-07-01-2025__patch2-09-10-2025_09-17-2025_1424.zip", Some(("zurich", "07-01-2025 patch 2")))]
    #[case("glide-washingtondc-12-20-2023__patch5-hotfix2-07-31-2024", Some(("washingtondc", "12-20-2023 patch 5 hotfix 2")))]
    #[case("glide-australia-02-11-2026__patch10", Some(("australia", "02-11-2026 patch 10")))]
    #[case("glide-zurich-07-01-2025", None)]
    #[case("glide-zurich-7-1-2025__patch2", None)]
    #[case("glide-Zurich2-07-01-2025__patch2", None)]
    #[case("glide-zurich-07-01-2025__patch", None)]
    #[case("Zurich", None)]
    #[case("", None)]
    fn build_tags_are_read(#[case] tag: &str, #[case] expected: Option<(&str, &str)>) {
        let read = parse(tag);
        let read = read.as_ref().map(|build| (build.release.as_str(), build.build.as_str()));
        assert_eq!(read, expected);
    }

    #[rstest]
    #[case("zurich", true)]
    #[case("Washington DC", true)]
    #[case("australia", true)]
    #[case("brazil", false)]
    #[case("fuji", false)]
    fn known_releases_are_told_from_others(#[case] name: &str, #[case] expected: bool) {
        assert_eq!(known(&spec().releases, name).is_some(), expected);
    }
}
