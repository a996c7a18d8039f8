//! The shape of a request's address: names and operators. Values may be a user's name, a tenant or the text of a row, so only
//! numbers, switches and lists of column names are shown.

/// Parameters whose values are names of columns or settings of the interface.
const TOLD: [&str; 15] = [
    "sysparm_fields",
    "sysparm_display_value",
    "sysparm_exclude_reference_link",
    "sysparm_suppress_pagination_header",
    "sysparm_no_count",
    "sysparm_count",
    "sysparm_group_by",
    "$select",
    "$orderby",
    "$count",
    "$top",
    "api-version",
    "auth_mode",
    "grant_type",
    "includelinks",
];

/// A part of a path after one of these is a user-defined name.
const NAMED_AFTER: [&str; 10] = [
    "resourcegroups",
    "namespaces",
    "hybridconnections",
    "sites",
    "serverfarms",
    "loginid",
    "username",
    "publicid",
    "user",
    "workspaces",
];

/// The first part of a path is a tenant if one of these follows it.
const AFTER_TENANT: [&str; 3] = ["oauth2", "v2.0", ".well-known"];

/// The placeholder for a value.
const VALUE: &str = "*";

/// Path and query without values.
pub fn target(path: &str, query: Option<&str>) -> String {
    let path = self::path(path);
    let Some(query) = query else { return path };
    let parts = query.split('&').map(|part| match part.split_once('=') {
        Some((name, value)) => format!("{name}={}", self::value(name, value)),
        None => VALUE.to_owned(),
    });
    format!("{path}?{}", parts.collect::<Vec<_>>().join("&"))
}

/// A path without ids, tenants and given names.
fn path(path: &str) -> String {
    let parts: Vec<&str> = path.split('/').collect();
    let shown = |(place, part): (usize, &&str)| {
        let before = place.checked_sub(1).and_then(|place| parts.get(place)).map(|part| part.to_ascii_lowercase());
        let after = parts.get(place + 1).map(|part| part.to_ascii_lowercase());
        let tenant = place == 1 && after.is_some_and(|after| AFTER_TENANT.contains(&after.as_str()));
        let named = before.is_some_and(|before| NAMED_AFTER.contains(&before.as_str()));
        let given = part.contains(['@', '%', '\'']) || is_id(part);
        if !part.is_empty() && (tenant || named || given) { VALUE.to_owned() } else { without_ids(part) }
    };
    parts.iter().enumerate().map(shown).collect::<Vec<_>>().join("/")
}

/// A text without ids and quoted texts in brackets, such as in `systemusers(ID)`.
fn without_ids(text: &str) -> String {
    match text.split_once('(') {
        Some((name, rest)) => match rest.rsplit_once(')') {
            Some(("", after)) => format!("{name}(){after}"),
            Some((_, after)) => format!("{name}({VALUE}){after}"),
            None => format!("{name}({VALUE}"),
        },
        None => text.to_owned(),
    }
}

/// Whether a word is an id: 32 hexadecimal digits or more, with or without hyphens.
fn is_id(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_hexdigit).count();
    digits >= 32 && word.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

fn value(name: &str, value: &str) -> String {
    let name = decoded(name).to_ascii_lowercase();
    if matches!(value, "" | "true" | "false") || (value.len() <= 6 && value.bytes().all(|byte| byte.is_ascii_digit())) {
        return value.to_owned();
    }
    if TOLD.contains(&name.as_str()) {
        return value.to_owned();
    }
    match name.as_str() {
        "sysparm_query" => conditions(&decoded(value)),
        "$filter" => odata(&decoded(value)),
        _ => VALUE.to_owned(),
    }
}

fn decoded(text: &str) -> String {
    let pair = format!("x={text}");
    let decoded = url::form_urlencoded::parse(pair.as_bytes()).next().map(|(_, value)| value.into_owned());
    decoded.unwrap_or_default()
}

/// ServiceNow's encoded query: conditions separated by `^`, each a column, an operator and a value.
fn conditions(query: &str) -> String {
    query.split('^').map(condition).collect::<Vec<_>>().join("^")
}

fn condition(condition: &str) -> String {
    if condition.starts_with("ORDERBY") {
        return condition.to_owned();
    }
    let (joint, rest) = ["OR", "NQ"]
        .iter()
        .find_map(|joint| condition.strip_prefix(joint).map(|rest| (*joint, rest)))
        .unwrap_or(("", condition));
    let is_column = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '.');
    let column_end = rest.find(|c| !is_column(c)).unwrap_or(rest.len());
    let (column, rest) = rest.split_at(column_end);
    let symbols = rest.find(|c| !matches!(c, '=' | '<' | '>' | '!')).unwrap_or(rest.len());
    let words =
        ["NOT IN", "NOT LIKE", "ISNOTEMPTY", "ISEMPTY", "STARTSWITH", "ENDSWITH", "CONTAINS", "BETWEEN", "LIKE", "IN"];
    let operator = match symbols {
        0 => words.into_iter().find(|word| rest.starts_with(word)).unwrap_or_default(),
        end => &rest[..end],
    };
    // Without an operator it may be the rest of a value.
    if operator.is_empty() {
        return VALUE.to_owned();
    }
    let value = if rest.len() > operator.len() { VALUE } else { "" };
    format!("{joint}{column}{operator}{value}")
}

/// OData's `$filter`: texts are quoted; anything else is a name, an operator, a number, a date or an id.
fn odata(filter: &str) -> String {
    let mut shown = String::new();
    for (place, part) in filter.split('\'').enumerate() {
        if place % 2 == 1 {
            shown.push_str(VALUE);
            continue;
        }
        let words = part.split(' ').map(|word| {
            let bare = word.trim_matches(['(', ')', ',']);
            let is_value =
                bare.starts_with(|c: char| c.is_ascii_digit() || c == '-') || is_id(bare) || bare.contains('@');
            if is_value { word.replace(bare, VALUE) } else { word.to_owned() }
        });
        shown.push_str(&words.collect::<Vec<_>>().join(" "));
    }
    shown
}

/// A header's value without tenants and ids: a challenge names where to sign in.
pub fn header(value: &str) -> String {
    let ends = |c: char| c.is_whitespace() || matches!(c, ',' | '"' | '\'' | ';');
    let mut shown = String::new();
    for piece in value.split_inclusive(ends) {
        let word = piece.trim_end_matches(ends);
        let end = &piece[word.len()..];
        let (name, word) = word.split_once('=').map_or(("", word), |(name, word)| (name, word));
        let joint = if name.is_empty() { "" } else { "=" };
        let word = match word.split_once("://").and_then(|(scheme, rest)| Some((scheme, rest.split_once('/')?))) {
            Some((scheme, (host, path))) => format!("{scheme}://{host}{}", self::path(&format!("/{path}"))),
            None if is_id(word) => VALUE.to_owned(),
            None => word.to_owned(),
        };
        shown.extend([name, joint, &word, end]);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    const GUID: &str = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0";

    #[rstest]
    #[case(
        "/api/now/table/incident?sysparm_query=user_name%3Dazure.integration%5Eactive%3Dtrue%5EORDERBYsys_id&sysparm_limit=250",
        "/api/now/table/incident?sysparm_query=user_name=*^active=*^ORDERBYsys_id&sysparm_limit=250"
    )]
    #[case(
        "/x?sysparm_query=short_descriptionLIKEwater%5Edamage%5EORnameINa%2Cb%5EclosedISEMPTY",
        "/x?sysparm_query=short_descriptionLIKE*^*^ORnameIN*^closedISEMPTY"
    )]
    #[case("/x?sysparm_query=sys_updated_on%3E%3D2026-01-01+00%3A00%3A00", "/x?sysparm_query=sys_updated_on>=*")]
    #[case(
        "/x?sysparm_fields=number,sys_id&client_id=abc&password=p",
        "/x?sysparm_fields=number,sys_id&client_id=*&password=*"
    )]
    #[case("/api/data/v9.2/systemusers(GUID)?$select=fullname", "/api/data/v9.2/systemusers(*)?$select=fullname")]
    #[case(
        "/api/data/v9.2/x?$filter=modifiedon%20ge%202026-01-01T00:00:00Z%20and%20(domainname%20eq%20%27j.d%20oe%27)",
        "/api/data/v9.2/x?$filter=modifiedon ge * and (domainname eq *)"
    )]
    #[case("/contoso.onmicrosoft.com/oauth2/v2.0/token", "/*/oauth2/v2.0/token")]
    #[case("/GUID/v2.0/.well-known/openid-configuration", "/*/v2.0/.well-known/openid-configuration")]
    #[case("/subscriptions/GUID/resourceGroups/rg-ops/providers", "/subscriptions/*/resourceGroups/*/providers")]
    #[case("/CherwellAPI/api/V1/getuserbyloginid/loginid/jane", "/CherwellAPI/api/V1/getuserbyloginid/loginid/*")]
    #[case("/api/now/table/incident/0123456789abcdef0123456789abcdef", "/api/now/table/incident/*")]
    #[case("/api/Incidents?since=2026-01-01&top=100&name=Jane", "/api/Incidents?since=*&top=100&name=*")]
    #[case("/x?jane", "/x?*")]
    fn s11_an_address_is_told_by_names_and_operators(#[case] asked: &str, #[case] expected: &str) {
        let asked = asked.replace("GUID", GUID);
        let (path, query) = asked.split_once('?').map_or((asked.as_str(), None), |(path, query)| (path, Some(query)));
        assert_eq!(target(path, query), expected);
    }

    #[test]
    fn s11_a_challenge_is_told_without_its_tenant() {
        let challenge = format!(
            "Bearer authorization_uri=https://login.microsoftonline.com/{GUID}/oauth2/authorize, resource_id=https://x.crm4.dynamics.com/"
        );
        let expected = "Bearer authorization_uri=https://login.microsoftonline.com/*/oauth2/authorize, resource_id=https://x.crm4.dynamics.com/";
        assert_eq!(header(&challenge), expected);
        assert_eq!(header("application/json; charset=utf-8"), "application/json; charset=utf-8");
    }
}
