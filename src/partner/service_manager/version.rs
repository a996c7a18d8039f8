//! The version of the web app's interface. Microsoft.AspNet.WebApi.Versioning answers a request that names none, or one
//! that is not there, with 400, and tells in a header which ones there are.

use serde_json::Value;

use crate::model::clean::clean;
use crate::net::http::Reply;

/// The header that lists the versions.
const SUPPORTED: &str = "api-supported-versions";

/// Codes of a 400 that another version would avoid.
const CODES: [&str; 3] = ["ApiVersionUnspecified", "UnsupportedApiVersion", "InvalidApiVersion"];

/// No version is longer.
const LONGEST: usize = 40;

/// What the package itself takes for the first version of an interface.
const FIRST: &str = "1.0";

/// The newest version that a refusal lists, where it is the version that was refused; the first one where it lists none.
pub fn wanted(reply: &Reply) -> Option<String> {
    if reply.status != 400 {
        return None;
    }
    let body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    let code = body["error"]["code"].as_str().or_else(|| body["Error"]["Code"].as_str())?;
    let listed = || reply.header(SUPPORTED).and_then(newest);
    CODES.contains(&code).then(|| listed().unwrap_or_else(|| FIRST.to_owned()))
}

/// The newest of a list such as `1.0, 2.0, 3.0-beta`: one that is not finished only where there is no other.
fn newest(list: &str) -> Option<String> {
    let all = list.split(',').map(|version| clean(version.trim(), false));
    all.filter(|version| !version.is_empty() && version.len() <= LONGEST).max_by_key(|version| rank(version))
}

fn rank(version: &str) -> (bool, Vec<u64>) {
    let finished = !version.contains(|c: char| c.is_ascii_alphabetic());
    let numbers = version.split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse().ok());
    (finished, numbers.collect())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::newest;

    #[rstest]
    #[case("1.0", Some("1.0"))]
    #[case("1.0, 2.0,10.0 , 9.1", Some("10.0"))]
    #[case("2.0, 3.0-beta", Some("2.0"))]
    #[case("3.0-alpha,3.1-beta", Some("3.1-beta"))]
    #[case("2016-07-01, 2015-12-31", Some("2016-07-01"))]
    #[case(" , ", None)]
    fn m7_the_newest_finished_version_is_chosen(#[case] list: &str, #[case] expected: Option<&str>) {
        assert_eq!(newest(list).as_deref(), expected);
    }
}
