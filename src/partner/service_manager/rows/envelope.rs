//! Finds the list of rows in a reply, which may also have lists of messages or links.

use super::Rows;
use crate::partner::service_manager::names::normal;

/// Names of the property that holds rows, where nothing else tells.
const ROWS: [&str; 10] =
    ["items", "value", "values", "data", "results", "result", "rows", "records", "workitems", "list"];

/// What is wrong with a reply.
#[derive(Debug)]
pub enum Problem {
    /// It is not what a list of rows looks like.
    Shape(String),
    /// It tells of a problem itself.
    Told(String),
}

/// A list, and what it is called.
#[derive(Debug, Default)]
pub struct List {
    /// The name of its property; empty for a reply that is a bare list.
    pub name: String,
    /// Its rows.
    pub rows: Rows,
    /// How many of them are objects.
    pub objects: u64,
}

/// A whole reply.
#[derive(Debug, Default)]
pub struct Envelope {
    /// Its lists, those of the objects inside it last.
    pub lists: Vec<List>,
    /// How many rows match, where it tells.
    pub total: Option<u64>,
    /// The names of its properties that are null.
    pub nulls: Vec<String>,
    /// A problem that it tells of.
    pub trouble: Option<String>,
}

impl Envelope {
    /// The rows.
    ///
    /// # Errors
    /// Where it is not sure which they are, or whether they are whole.
    pub fn rows(self, described: Option<&str>) -> Result<Rows, Problem> {
        if let Some(trouble) = self.trouble {
            return Err(Problem::Told(trouble));
        }
        let total = self.total;
        let mut lists = self.lists;
        // A list of nothing may be written as null, where the name says that it is the list.
        let is_list = |name: &String| match described {
            Some(described) => name.eq_ignore_ascii_case(described),
            None => ROWS.contains(&normal(name).as_str()),
        };
        if lists.is_empty()
            && let Some(name) = self.nulls.into_iter().find(is_list)
        {
            lists.push(List { name, ..List::default() });
        }
        let list = choose(lists, described)?;
        Ok(Rows { total, ..list.rows })
    }
}

fn choose(mut lists: Vec<List>, described: Option<&str>) -> Result<List, Problem> {
    let is = |list: &List, name: &str| list.name.eq_ignore_ascii_case(name);
    if let Some(place) = described.and_then(|name| lists.iter().position(|list| is(list, name))) {
        return Ok(lists.swap_remove(place));
    }
    let with_rows: Vec<_> = lists.iter().filter(|list| !list.rows.items.is_empty()).map(|list| &list.name).collect();
    if let [one, other, ..] = with_rows.as_slice() {
        return Err(Problem::Shape(format!("there are work items in '{one}' and in '{other}'")));
    }
    // Unreadable rows take precedence over an empty list: they must not count as no rows.
    let known = |list: &List| ROWS.contains(&normal(&list.name).as_str());
    let best = lists
        .into_iter()
        .rev()
        .max_by_key(|list| (!list.rows.items.is_empty(), known(list), list.objects > 0, list.rows.came() == 0));
    best.ok_or_else(|| Problem::Shape("there is no list in it".to_owned()))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use crate::model::work_item::WorkItemKind;
    use crate::partner::mapping::Columns;
    use crate::partner::service_manager::describe::Shape;
    use crate::partner::service_manager::rows;

    fn columns() -> Columns {
        let spec = super::super::super::testing::spec();
        Columns::new(spec.work_item(WorkItemKind::Incident).unwrap()).unwrap()
    }

    fn shape(list: Option<&str>) -> Shape {
        Shape { list: list.map(str::to_owned), dictionary: false }
    }

    const ROW: &str = r#"{"BaseId":"b","Id":"IR1","Title":"t","LastModified":"2026-11-20T10:00:00Z"}"#;

    #[rstest]
    #[case("[ROW]", None, 1)]
    #[case(r#"{"errors":[],"items":[ROW]}"#, None, 1)]
    #[case(r#"{"links":[{"rel":"self"}],"items":[ROW]}"#, None, 1)]
    #[case(r#"{"links":[{"rel":"self"}],"items":[]}"#, None, 0)]
    #[case(r#"{"messages":["none today"],"incidents":[]}"#, None, 0)]
    #[case(r#"{"links":[{"rel":"self"}],"Incidents":[]}"#, Some("incidents"), 0)]
    #[case(r#"{"first":[ROW],"second":[ROW,ROW]}"#, Some("second"), 2)]
    #[case(r#"{"TotalCount":0,"Items":null}"#, None, 0)]
    #[case(r#"{"Tickets":null,"Next":null}"#, Some("tickets"), 0)]
    #[case(r#"{"data":{"hits":[ROW],"tags":[]},"links":[{"rel":"self"}],"took":3}"#, None, 1)]
    #[case(r#"{"items":[],"query":{"fields":[{"name":"Id"}]}}"#, None, 0)]
    #[case(r#"{"ids":["a"],"Error":null,"errors":"","hasErrors":false,"error":[],"errorCode":"0","errorMessage":"OK.","errorCount":0,"value":[ROW]}"#, None, 1)]
    fn the_rows_are_found_beside_other_lists(
        #[case] body: &str,
        #[case] described: Option<&str>,
        #[case] expected: usize,
    ) {
        let rows = rows::rows(&columns(), &shape(described), &body.replace("ROW", ROW).into()).unwrap();
        assert_eq!((rows.items.len(), rows.hidden), (expected, 0));
    }

    #[rstest]
    #[case(r#"{"errors":["the SDK service is down"],"items":[]}"#, "the SDK service is down")]
    #[case(r#"{"items":[ROW],"errors":[{"code":7}]}"#, "errors")]
    #[case(r#"{"items":[ROW],"ErrorMessage":"half of them"}"#, "half of them")]
    #[case(r#"{"items":[],"hasError":true}"#, "hasError")]
    #[case(r#"{"first":[ROW],"second":[ROW]}"#, "'first' and in 'second'")]
    #[case("{}", "no list")]
    #[case(r#"{"Message":null}"#, "no list")]
    #[case("null", "no list")]
    #[case("3", "no list")]
    fn what_may_not_be_all_rows_is_no_success(#[case] body: &str, #[case] part: &str) {
        let fault = rows::rows(&columns(), &shape(None), &body.replace("ROW", ROW).into()).unwrap_err();
        assert!(format!("{fault:?}").contains(part), "{fault:?}");
    }

    #[test]
    fn many_unreadable_rows_fail_and_few_are_hidden() {
        let page = |count: usize| {
            let rows = vec![r#"{"Id":"IR1"}"#; count].join(",");
            rows::rows(&columns(), &shape(None), &format!(r#"{{"warnings":[],"incidents":[{rows}]}}"#).into())
        };
        assert_eq!(page(19).unwrap().hidden, 19);
        assert!(format!("{:?}", page(20)).contains("none of 20 rows"));
    }

    #[rstest]
    #[case(r#"{"IR1":ROW,"IR2":ROW}"#, None, 2)]
    #[case("{}", None, 0)]
    #[case("[]", None, 0)]
    #[case(r#"{"Total":1,"Items":{"IR1":ROW}}"#, Some("items"), 1)]
    #[case(r#"{"Total":0,"Items":{}}"#, Some("Items"), 0)]
    #[case(r#"{"Total":0,"Items":null}"#, Some("Items"), 0)]
    fn m2_rows_are_read_out_of_a_dictionary(#[case] body: &str, #[case] list: Option<&str>, #[case] expected: usize) {
        let shape = Shape { dictionary: true, ..shape(list) };
        let rows = rows::rows(&columns(), &shape, &body.replace("ROW", ROW).into()).unwrap();
        assert_eq!((rows.items.len(), rows.hidden), (expected, 0));
    }

    #[test]
    fn names_may_differ_in_case() {
        let body = format!("[{}]", ROW.to_lowercase().replace("2026-11-20t10:00:00z", "2026-11-20T10:00:00Z"));
        assert_eq!(rows::rows(&columns(), &shape(None), &body.into()).unwrap().items[0].number, "ir1");
    }
}
