//! A binding is kept; how the description differs from it is told.

use crate::model::mapping::Drift;
use crate::model::work_item::WorkItemKind;
use crate::partner::Partner as _;
use crate::partner::service_manager::testing::{client, keeping, server};
use itsmc_practice::service_manager::Layout;

const KIND: WorkItemKind = WorkItemKind::Incident;

fn drift(to: Option<&str>, kept: &str, now: Option<&str>, gone: bool) -> Drift {
    Drift { kind: KIND, to: to.map(str::to_owned), kept: kept.to_owned(), now: now.map(str::to_owned), gone }
}

#[tokio::test]
async fn p2_a_kept_binding_that_still_fits_has_not_drifted() {
    for layout in [Layout::Tables, Layout::Search, Layout::Listing] {
        let server = server(layout, 30).await;
        let kept = client(&server).mapping_file().await.unwrap().unwrap();
        let partner = keeping(&server, &kept);
        assert_eq!(partner.drift().await, Ok(vec![]), "{kept}");
        partner.source(KIND).await.unwrap();
        assert_eq!(partner.findings(), []);
        // What people emptied is empty: the rows still have the property.
        for attribute in ["title", "priority", "assigned_to"] {
            assert_eq!(partner.shows(KIND, attribute).await, Ok(Some(true)), "{attribute}");
        }
        assert_eq!(partner.shows(KIND, "colour").await, Ok(None));
    }
}

#[tokio::test]
async fn p2_drifted_property_is_reported_and_binding_kept() {
    let server = server(Layout::Tables, 30).await;
    let now = client(&server).bound(KIND).await.unwrap();
    let title = now.property("title").unwrap().to_owned();
    let kept = client(&server).mapping_file().await.unwrap().unwrap();
    let (incidents, changes) = kept.split_once("kind = \"change_request\"").expect("two kinds are bound");
    let incidents = incidents.replacen(&format!("\"{title}\""), "\"OldTitle\"", 1);
    let partner = keeping(&server, &format!("{incidents}kind = \"change_request\"{changes}"));
    let expected = drift(Some("title"), "OldTitle", Some(&title), true);
    assert_eq!(partner.drift().await, Ok(vec![expected.clone()]), "{incidents}");
    assert_eq!(partner.bound(KIND).await.unwrap().property("title"), Some("OldTitle"));
    partner.source(KIND).await.unwrap();
    assert_eq!(partner.findings(), [expected.finding()]);
    assert_eq!(partner.shows(KIND, "title").await, Ok(Some(false)));
}

#[tokio::test]
async fn p2_a_route_that_is_gone_is_told_with_what_takes_its_place() {
    let old = server(Layout::Tables, 30).await;
    let kept = client(&old).mapping_file().await.unwrap().unwrap();
    let was = client(&old).bound(KIND).await.unwrap().shown();
    let new = server(Layout::Listing, 30).await;
    let now = client(&new).bound(KIND).await.unwrap().shown();
    let told = keeping(&new, &kept).drift().await.unwrap();
    assert!(told.contains(&drift(None, &was, Some(&now), true)), "{told:?}");
}

#[tokio::test]
async fn d6_rows_that_the_description_does_not_tell_of_prove_nothing() {
    let server = server(Layout::Untyped, 30).await;
    assert_eq!(client(&server).shows(KIND, "title").await, Ok(None));
}
