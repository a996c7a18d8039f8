//! What is bound in each layout, what the admin corrects, and what is refused.

use rstest::rstest;

use crate::model::fault::Fault;
use crate::model::mapping::MappingFile;
use crate::model::work_item::WorkItemKind;
use crate::partner::Partner as _;
use crate::partner::service_manager::names::Role;
use crate::partner::service_manager::testing::{client, corrected, server};
use crate::partner::service_manager::{bind, describe, proof};
use itsmc_practice::service_manager::Layout;

const KIND: WorkItemKind = WorkItemKind::Incident;

#[rstest]
#[case(Layout::Tables, "GET /api/Incidents", "since=modifiedSince skip=skip page_size=top", proof::Way::Ordered)]
#[case(
    Layout::Search,
    "POST /api/workitem/search",
    "since=startDate until=endDate page_number=pageNumber page_size=pageSize kind=workItemType",
    proof::Way::Windows
)]
#[case(Layout::Listing, "GET /api/v1/Incident/List", "page_number=pageNumber page_size=pageSize", proof::Way::Through)]
#[tokio::test]
async fn each_layout_is_bound(
    #[case] layout: Layout,
    #[case] route: &str,
    #[case] roles: &str,
    #[case] way: proof::Way,
) {
    let server = server(layout, 400).await;
    let client = client(&server);
    let (source, found) = client.way(KIND).await.unwrap();
    assert_eq!((source.bound.shown().as_str(), found), (route, way));
    let mut sent: Vec<_> =
        source.bound.sent.iter().map(|(role, sent)| format!("{}={}", role.id(), sent.name)).collect();
    let mut expected: Vec<_> = roles.split(' ').map(str::to_owned).collect();
    sent.sort();
    expected.sort();
    assert_eq!(sent, expected);
    for attribute in ["id", "number", "title", "state", "priority", "open", "opened_at", "updated_at", "assigned_to"] {
        assert!(source.bound.property(attribute).is_some(), "{attribute}");
    }
}

#[tokio::test]
async fn unbindable_layout_is_refused_with_missing_parts() {
    let server = server(Layout::Unbindable, 100).await;
    let fault = client(&server).bound(KIND).await.unwrap_err();
    let detail = "no operation of the description lists them".to_owned();
    assert_eq!(fault, Fault::NotBound { what: "incident".into(), detail });
    // The file to correct shows what there is to choose from.
    let text = client(&server).mapping_file().await.unwrap().unwrap();
    assert!(text.contains("# [routes.incident]") && text.contains("#   GET /api/values ()"), "{text}");
    assert_eq!(MappingFile::read(&text).unwrap(), MappingFile::default());
}

#[tokio::test]
async fn the_mapping_file_can_be_read_back_and_binds_the_same() {
    for layout in [Layout::Tables, Layout::Search, Layout::Listing] {
        let server = server(layout, 100).await;
        let described = client(&server);
        let text = described.mapping_file().await.unwrap().unwrap();
        let again = corrected(&server, &text);
        for kind in WorkItemKind::ALL {
            assert_eq!(again.bound(kind).await, described.bound(kind).await, "{text}");
        }
    }
}

#[tokio::test]
async fn the_admin_corrects_a_route_and_its_columns() {
    let server = server(Layout::Tables, 100).await;
    let client = corrected(
        &server,
        "[routes.incident]\nverb = 'get'\npath = '/api/ChangeRequests'\nparameters = { page_size = 'top', since = 'modifiedSince', skip = 'skip', ordered_by = 'LastModified' }\n",
    );
    let (source, way) = client.way(KIND).await.unwrap();
    assert_eq!((source.bound.path.as_str(), way), ("/api/ChangeRequests", proof::Way::Ordered));
    let own = "[[work_item]]\nkind = 'incident'\nsource = 'x'\ncolumn = [{ from = 'Id', to = 'id', holds = 'text' }, { from = 'Title', to = 'title', holds = 'text' }, { from = 'CreatedDate', to = 'updated_at', holds = 'moment' }]\n";
    let client = corrected(&server, own);
    assert_eq!(client.bound(KIND).await.unwrap().property("updated_at"), Some("CreatedDate"));
}

#[rstest]
#[case("verb = 'delete'\npath = '/api/Incidents'", "wants verb")]
#[case("verb = 'get'\npath = 'api/Incidents'", "begins with '/'")]
#[case("verb = 'get'\npath = '/api/Elsewhere'", "must name the columns")]
#[case("verb = 'get'\npath = '/api/Incidents'\nparameters = { colour = 'red' }", "'colour'")]
#[tokio::test]
async fn a_mapping_that_makes_no_sense_is_refused(#[case] route: &str, #[case] part: &str) {
    let server = server(Layout::Tables, 10).await;
    let fault = corrected(&server, &format!("[routes.incident]\n{route}\n")).bound(KIND).await.unwrap_err();
    let Fault::NotBound { what, detail } = fault else { panic!("{fault:?}") };
    assert_eq!(what, "incident");
    assert!(detail.contains(part), "{detail}");
}

#[test]
fn m2_a_parameter_that_is_always_the_same_stands_in_the_path() {
    let two = r#""/Incidents":{"get":{"parameters":[{"name":"scope","in":"query","required":true},{"name":"top","in":"query"}],ROWS}}"#;
    let Fault::NotBound { detail, .. } = bound(two).unwrap_err() else { panic!() };
    assert!(detail.contains("'/smoc/Incidents?scope=...'"), "{detail}");
    let own =
        "[routes.incident]\nverb = 'get'\npath = '/smoc/Incidents?scope=all'\nparameters = { page_size = 'top' }\n";
    let (own, spec) = (MappingFile::read(own).unwrap(), super::super::testing::spec());
    let bound = bind::bind(&description(two), spec.work_item(KIND).unwrap(), Some(&own)).unwrap();
    let call = crate::partner::service_manager::ask::Ask::all(50).call(&bound, 1, None);
    assert_eq!(call.path, "/smoc/Incidents?scope=all&top=50");
}

fn description(operations: &str) -> Vec<describe::Operation> {
    let rows = r##""responses":{"200":{"schema":{"type":"array","items":{"$ref":"#/definitions/Incident"}}}}"##;
    let text = format!(
        r#"{{"swagger":"2.0","basePath":"/smoc/","paths":{{{}}},"definitions":{{"Incident":{{"properties":{{
        "Id":{{}},"Title":{{}},"Status":{{}},"LastModified":{{}}}}}}}}}}"#,
        operations.replace("ROWS", rows)
    );
    describe::read(text.as_bytes()).unwrap()
}

fn bound(operations: &str) -> Result<bind::Bound, Fault> {
    let spec = super::super::testing::spec();
    bind::bind(&description(operations), spec.work_item(KIND).unwrap(), None)
}

const FROM: &str = r#"{"name":"since","in":"query","type":"string"}"#;

#[test]
fn the_base_path_counts_and_the_better_operation_wins() {
    let two =
        format!(r#""/Incidents":{{"get":{{ROWS}}}},"/Incidents/changed":{{"get":{{"parameters":[{FROM}],ROWS}}}}"#);
    let bound = bound(&two).unwrap();
    assert_eq!(bound.path, "/smoc/Incidents/changed");
    assert!(bound.has(Role::Since) && !bound.ordered);
    // It has no Id of its own: the number is as immutable.
    assert_eq!(bound.property("id"), Some("Id"));
}

#[rstest]
#[case::alike(
    r#""/Incidents":{"get":{"parameters":[{"name":"top","in":"query"}],ROWS}},"/AllIncidents":{"get":{"parameters":[{"name":"top","in":"query"}],ROWS}}"#,
    "look alike"
)]
#[case::wants_more(
    r#""/Incidents":{"get":{"parameters":[{"name":"colour","in":"query","required":true}],ROWS}}"#,
    "wants 'colour'"
)]
#[case::may_change(r#""/Incidents":{"post":{ROWS}}"#, "may change something")]
#[case::one_only(r#""/Incidents/{id}":{"get":{ROWS}}"#, "no operation")]
#[case::no_list(r#""/Incidents":{"get":{}}"#, "gives a list")]
#[case::poor_rows(
    r#""/Incidents":{"get":{"responses":{"200":{"schema":{"type":"array","items":{"properties":{"Id":{}}}}}}}}"#,
    "nothing for title, state, updated_at"
)]
fn what_is_not_sure_is_not_bound(#[case] operations: &str, #[case] part: &str) {
    let fault = bound(operations).unwrap_err();
    let Fault::NotBound { detail, .. } = &fault else { panic!("{fault:?}") };
    assert!(detail.contains(part), "{detail}");
}

#[test]
fn a_description_that_refers_to_itself_is_read_all_the_same() {
    let text = r##"{"paths":{"/a":{"get":{"responses":{"200":{"schema":{"$ref":"#/definitions/A"}}}}}},
        "definitions":{"A":{"$ref":"#/definitions/A"}}}"##;
    assert_eq!(describe::read(text.as_bytes()).unwrap().len(), 1);
    assert!(matches!(describe::read(b"{}"), Err(Fault::NotBound { .. })));
    assert!(matches!(describe::read(b"<html>"), Err(Fault::NotBound { .. })));
    assert_eq!(MappingFile::read("").unwrap().routes.len(), 0);
}
