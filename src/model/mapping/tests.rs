use super::*;
use crate::model::partner::Catalogue;

const GOOD: &str = r#"
[routes.incident]
verb = "get"
path = "/api/Incidents"
parameters = { page_size = "top" }

[[work_item]]
kind = "incident"
source = "prov_incident"
column = [
    { from = "prov_incidentid", to = "id", holds = "text" },
    { from = "prov_name", to = "title", holds = "text" },
    { from = "modifiedon", to = "updated_at", holds = "moment" },
]
"#;

fn problems(text: &str) -> Vec<MappingProblem> {
    MappingFile::read(text).expect_err(text)
}

#[test]
fn a_mapping_names_routes_and_columns_with_their_lines() {
    let mapping = MappingFile::read(GOOD).unwrap();
    assert_eq!(mapping.routes["incident"].parameters["page_size"], "top");
    let (spec, lines) = mapping.kind(WorkItemKind::Incident).unwrap();
    assert_eq!((spec.columns[1].from.as_str(), lines.column(1)), ("prov_name", Some(12)));
    assert_eq!((lines.kind, lines.source), (Some(7), Some(9)));
    assert_eq!(MappingFile::read("").unwrap(), MappingFile::default());
}

#[test]
fn p10_each_mistake_is_named_with_its_line_and_what_was_meant() {
    let of = |from: &str, to: &str| problems(&GOOD.replace(from, to)).remove(0);
    let near = |name: &str| Some(name.to_owned());
    let cases = [
        (of("[routes.", "[rotues."), 2, Wrong::UnknownKey { key: "rotues".into(), nearest: near("routes") }),
        (
            of("to = \"title\"", "to = \"titel\""),
            12,
            Wrong::UnknownAttribute { to: "titel".into(), nearest: near("title") },
        ),
        (of("to = \"title\"", "to = \"id\""), 12, Wrong::Repeated { to: "id".into(), first: Some(11) }),
        (
            of("kind = \"incident\"", "kind = \"case\""),
            8,
            Wrong::NotA { key: "kind".into(), expected: "incident, change_request".into() },
        ),
        (
            of("holds = \"moment\"", "holds = \"text\""),
            13,
            Wrong::WrongType {
                from: "modifiedon".into(),
                to: "updated_at".into(),
                found: "text".into(),
                expected: "moment".into(),
            },
        ),
        (
            of("to = \"updated_at\"", "to = \"closed_at\""),
            7,
            Wrong::Missing { kind: Some(WorkItemKind::Incident), to: "updated_at".into() },
        ),
        (of("from = \"prov_name\", ", ""), 12, Wrong::Missing { kind: None, to: "from".into() }),
        (of("\"prov_name\"", "7"), 12, Wrong::NotA { key: "from".into(), expected: "a text".into() }),
    ];
    for (found, line, wrong) in cases {
        assert_eq!(found, MappingProblem { line: Some(line), wrong });
    }
}

#[test]
fn p10_broken_toml_is_named_with_its_line() {
    let found = problems(&GOOD.replace("source = ", "source "));
    let [MappingProblem { line: Some(9), wrong: Wrong::NotToml { .. } }] = &found[..] else { panic!("{found:?}") };
}

#[test]
fn p10_a_kind_that_stands_twice_is_named() {
    let twice = format!("{GOOD}{}", &GOOD[GOOD.find("[[work_item]]").unwrap()..]);
    let [MappingProblem { line: Some(15), wrong: Wrong::Repeated { first: Some(7), .. } }] = &problems(&twice)[..]
    else {
        panic!("{:?}", problems(&twice))
    };
}

#[test]
fn asset_round_trips_as_mapping_text() {
    for spec in Catalogue::built_in().unwrap().all() {
        let mapping = MappingFile { work_items: spec.work_items.clone(), ..MappingFile::default() };
        let kept = Kept { server: "https://a.example".into(), mapping };
        let back = Kept::read(&kept.text()).unwrap_or_else(|problems| panic!("{}: {problems:?}", spec.id));
        assert_eq!((back.server, back.mapping.work_items), (kept.server, kept.mapping.work_items));
    }
}

#[test]
fn p9_a_pattern_is_comments_alone_and_is_known_as_untouched() {
    let columns = [(Some("prov_name".to_owned()), "title", crate::model::partner::ValueType::Text)];
    let text = stamped(&pattern(WorkItemKind::Incident, None, &columns));
    assert_eq!(MappingFile::read(&text).unwrap(), MappingFile::default());
    assert!(is_untouched(&text) && is_untouched(&text.replace('\n', "\r\n")));
    assert!(!is_untouched(&text.replace("prov_name", "prov_title")) && !is_untouched(GOOD) && !is_untouched(""));
}
