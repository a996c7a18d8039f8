use proptest::prelude::*;
use rstest::rstest;

use super::*;

const SUFFIX: Option<&str> = Some(".service-now.com");

fn host(typed: &str) -> Result<String, FieldProblem> {
    read(typed, SUFFIX).map(|url| url.host_str().unwrap().to_owned())
}

fn typo(likely: &str) -> Result<String, FieldProblem> {
    Err(FieldProblem::UrlTypo { likely: likely.to_owned() })
}

#[rstest]
#[case("https//contoso.service-now.com")]
#[case("https/contoso.service-now.com")]
#[case("https:/contoso.service-now.com")]
#[case("https:contoso.service-now.com")]
#[case("https;//contoso.service-now.com")]
#[case("https.//contoso.service-now.com")]
#[case("https ://contoso.service-now.com")]
#[case("https://https://contoso.service-now.com")]
#[case("https://https//contoso.service-now.com")]
#[case("https:\\\\contoso.service-now.com")]
#[case("http//contoso.service-now.com/nav_to.do")]
#[case("http:/contoso.service-now.com")]
#[case("htp://contoso.service-now.com")]
#[case("htps//contoso.service-now.com")]
#[case("hptts://contoso.service-now.com")]
#[case("htttps://contoso.service-now.com")]
#[case("ttps://contoso.service-now.com")]
#[case("ttp://contoso.service-now.com")]
#[case("tps//contoso.service-now.com")]
#[case("hxxps://contoso.service-now.com")]
#[case("hxxp://contoso.service-now.com")]
#[case("://contoso.service-now.com")]
#[case("//contoso.service-now.com")]
#[case("h//contoso")]
#[case("https//contoso")]
#[case("https:contoso")]
#[case("contoso,service-now.com")]
#[case("https://contoso.service-now,com/x")]
#[case("contoso .service-now.com")]
#[case("https://contoso. service-now.com/")]
#[case("contoso..service-now.com")]
#[case("contoso。service-now。com")]
#[case("https://contoso.service-now.com:")]
fn a4_a_mistyped_address_is_refused_with_what_was_meant(#[case] typed: &str) {
    assert_eq!(host(typed), typo("https://contoso.service-now.com"), "{typed}");
}

#[rstest]
#[case("http//")]
#[case("https")]
#[case("https://")]
#[case("https:8080")]
#[case("ftp://contoso.service-now.com")]
#[case("file:///etc/passwd")]
#[case("https://0x7f.1")]
#[case("https://1.2.3")]
#[case("https://cont%6fso.com")]
#[case("https://contoso.com:99999")]
#[case("https://contoso.com:0")]
#[case("?")]
#[case("https://[::1")]
fn a4_what_is_no_address_is_refused_without_a_guess(#[case] typed: &str) {
    let found = host(typed);
    assert!(matches!(found, Err(FieldProblem::NotAUrl | FieldProblem::UrlTypo { .. })), "{typed}: {found:?}");
    let Err(FieldProblem::UrlTypo { likely }) = found else { return };
    assert!(typed.contains(likely.trim_start_matches("https://")), "{typed}: {likely}");
}

#[rstest]
#[case("https://contoso.service-now.com https://fabrikam.service-now.com")]
#[case("https://contoso.service-now.com,https://fabrikam.service-now.com")]
#[case("https://contoso.service-now.comhttps://fabrikam.service-now.com")]
#[case("https://contoso.service-now.com/https://fabrikam.service-now.com")]
#[case("contoso.service-now.com fabrikam.service-now.com")]
#[case("contoso.service-now.com;fabrikam.service-now.com")]
fn a4_of_two_addresses_neither_is_taken(#[case] typed: &str) {
    assert_eq!(host(typed), Err(FieldProblem::TwoUrls), "{typed}");
}

#[rstest]
#[case("jane@contoso.com", FieldProblem::EmailAddress)]
#[case("mailto:jane@contoso.com", FieldProblem::EmailAddress)]
#[case("jane:pw@contoso.com", FieldProblem::SecretInUrl)]
#[case("https://jane@contoso.com", FieldProblem::SecretInUrl)]
fn a4_a_user_is_no_part_of_an_address(#[case] typed: &str, #[case] problem: FieldProblem) {
    assert_eq!(host(typed), Err(problem));
}

#[rstest]
#[case("help/nav_to.do", "help.service-now.com")]
#[case("https.contoso.com", "https.contoso.com")]
#[case("contoso.service-now.com.", "contoso.service-now.com")]
#[case("contoso.service-now.com//nav_to.do", "contoso.service-now.com")]
#[case("https://contoso.service-now.com/x?uri=https://y", "contoso.service-now.com")]
#[case("https://desk.contoso.com:8443/x", "desk.contoso.com")]
#[case("https://bücher.example", "xn--bcher-kva.example")]
#[case("https://[0:0::1]:9", "[::1]")]
#[case("\u{feff}contoso\u{200b}\n", "contoso.service-now.com")]
fn what_is_clear_is_taken(#[case] typed: &str, #[case] expected: &str) {
    assert_eq!(host(typed), Ok(expected.to_owned()), "{typed}");
}

/// The host as it stands in the text, found in the plainest way.
fn typed_host(typed: &str) -> String {
    let typed = typed.trim_matches(is_blank).to_lowercase();
    let rest = typed.strip_prefix("https://").or_else(|| typed.strip_prefix("http://")).unwrap_or(&typed);
    let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default();
    host.strip_suffix('.').unwrap_or(host).to_owned()
}

fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "https://",
            "http://",
            "https",
            "http",
            "htp",
            "://",
            ":/",
            "//",
            "/",
            ":",
            ";",
            ",",
            ".",
            " ",
            "@",
            "\\",
            "%2e",
            "contoso",
            "service-now",
            "com",
            ".service-now.com",
            "127.0.0.1",
            "localhost",
            "xn--",
            "?",
            "#",
            "8080",
            "hxxps",
        ])
        .prop_map(str::to_owned),
        "[a-z0-9.:/@ -]{0,6}",
    ];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn a4_whatever_is_typed_the_host_is_one_that_was_typed(typed in prop_oneof![pieces(), any::<String>()]) {
        let Ok(url) = read(&typed, SUFFIX) else { return Ok(()) };
        let (found, wanted) = (url.host_str().unwrap().to_owned(), typed_host(&typed));
        let completed = format!("{wanted}.service-now.com");
        let idn = !wanted.is_ascii() && found.contains("xn--");
        prop_assert!(found == wanted || (!wanted.contains('.') && found == completed) || idn, "{typed}: {found}");
        prop_assert!(!matches!(wanted.as_str(), "http" | "https" | "htp" | "hxxps"), "{typed}: {found}");
    }
}
