//! What stands between the values of rows. Rows of one list differ in little but their values: once a row was parsed,
//! one that has the same bytes between its values needs no parser.
//!
//! A template is a graph: each node is a value's slot with the text before it, and its edges lead to the values that
//! were seen to follow it. A row is read along the edges as long as its bytes are those of a node. This is safe only if
//! every value position has its own slot: two values in different objects must never share one, even if neither is kept.

use std::collections::HashMap;

use super::scalar::Scalar;

/// More than any row of the products has. What is beyond is not learned.
const MOST_NODES: usize = 4_096;
const MOST_EDGES: usize = 16;

/// What was learned from rows of one list.
#[derive(Debug)]
pub struct RowTemplate<'de> {
    nodes: Vec<Node<'de>>,
    places: HashMap<(&'de str, Option<usize>), usize>,
}

#[derive(Debug, Default)]
struct Node<'de> {
    before: &'de str,
    /// `None` at the end of a row, and before its beginning.
    slot: Option<usize>,
    next: Vec<usize>,
}

impl Default for RowTemplate<'_> {
    fn default() -> Self {
        Self { nodes: vec![Node::default()], places: HashMap::new() }
    }
}

impl<'de> RowTemplate<'de> {
    /// Reads the row that `text` begins with: each value is given to `found` with its slot, and the row's length
    /// comes back. `None`, if it has a shape that was not learned; what was found until then is then worthless.
    pub fn read(&self, text: &'de str, mut found: impl FnMut(usize, Scalar<'de>)) -> Option<usize> {
        let (mut at, mut node) = (0, &self.nodes[0]);
        loop {
            let rest = text.get(at..)?;
            let fits = |next: &&usize| rest.starts_with(self.nodes[**next].before);
            node = &self.nodes[*node.next.iter().find(fits)?];
            at += node.before.len();
            let Some(slot) = node.slot else { return Some(at) };
            let value = Scalar::first_of(text.get(at..)?)?;
            found(slot, value);
            at += value.raw().len();
        }
    }

    /// Learns from a row that was parsed: `values` are its values in their order, slices of `row`.
    pub fn learn(&mut self, row: &'de str, values: &[(usize, &'de str)]) {
        let (mut at, mut node) = (0, 0);
        for (slot, value) in values {
            let begin = (value.as_ptr() as usize).wrapping_sub(row.as_ptr() as usize);
            let Some(before) = row.get(at..begin) else { return };
            let Some(next) = self.follow(node, before, Some(*slot)) else { return };
            (at, node) = (begin + value.len(), next);
        }
        if let Some(before) = row.get(at..) {
            self.follow(node, before, None);
        }
    }

    /// The node that follows another, made where there was none.
    fn follow(&mut self, from: usize, before: &'de str, slot: Option<usize>) -> Option<usize> {
        let place = match self.places.get(&(before, slot)) {
            Some(place) => *place,
            None if self.nodes.len() >= MOST_NODES => return None,
            None => {
                self.nodes.push(Node { before, slot, next: Vec::new() });
                self.places.insert((before, slot), self.nodes.len() - 1);
                self.nodes.len() - 1
            }
        };
        let edges = &mut self.nodes[from].next;
        if !edges.contains(&place) {
            if edges.len() >= MOST_EDGES {
                return None;
            }
            edges.push(place);
        }
        Some(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values by their place, as if each name had a slot.
    fn learn<'de>(template: &mut RowTemplate<'de>, row: &'de str, values: &[&str]) {
        let found = values.iter().enumerate().map(|(slot, value)| {
            let at = row.find(value).unwrap();
            (slot, &row[at..at + value.len()])
        });
        template.learn(row, &found.collect::<Vec<_>>());
    }

    fn read<'de>(template: &RowTemplate<'de>, text: &'de str) -> Option<(usize, Vec<(usize, &'de str)>)> {
        let mut found = Vec::new();
        let length = template.read(text, |slot, value| found.push((slot, value.raw())))?;
        Some((length, found))
    }

    #[test]
    fn a_row_of_a_known_shape_is_read_without_parsing() {
        let mut template = RowTemplate::default();
        assert_eq!(read(&template, r#"{"a":"x"}"#), None);
        learn(&mut template, r#"{"a":"x", "b":12, "c":[]}"#, &[r#""x""#, "12"]);
        let next = r#"{"a":"longer \"y\"", "b":null, "c":[]},{"a""#;
        let expected = vec![(0, r#""longer \"y\"""#), (1, "null")];
        assert_eq!(read(&template, next), Some((next.len() - 5, expected)));
    }

    #[test]
    fn a_row_of_another_shape_is_not() {
        let mut template = RowTemplate::default();
        learn(&mut template, r#"{"a":"x","b":12,"c":[]}"#, &[r#""x""#, "12"]);
        for other in [
            r#"{"b":12,"a":"x","c":[]}"#,
            r#"{"a":"x","b":12,"c":[1]}"#,
            r#"{"a":"x","b":{},"c":[]}"#,
            r#"{"a":"x","b":12}"#,
            r#"{"a":"x","b":12"#,
            r#"{"a":"x"#,
            r#"{"a":"é"#,
            "",
        ] {
            assert_eq!(read(&template, other), None, "{other}");
        }
    }

    #[test]
    fn shapes_that_were_seen_apart_are_known_together() {
        let mut template = RowTemplate::default();
        let two = [r#"{"a":1,"a+":"one","b":null}"#, r#"{"a":null,"b":2,"b+":"two"}"#];
        let part = |row: usize, from: usize, to: usize| &two[row][from..to];
        template.learn(two[0], &[(0, part(0, 5, 6)), (1, part(0, 12, 17)), (2, part(0, 22, 26))]);
        template.learn(two[1], &[(0, part(1, 5, 9)), (2, part(1, 14, 15)), (3, part(1, 21, 26))]);
        for row in [two[0], two[1], r#"{"a":1,"a+":"one","b":2,"b+":"two"}"#, r#"{"a":null,"b":null}"#] {
            assert_eq!(read(&template, row).map(|(length, _)| length), Some(row.len()), "{row}");
        }
    }

    #[test]
    fn template_of_changing_rows_stays_bounded() {
        let rows: Vec<String> = (0..10_000).map(|n| format!(r#"{{"a{n}":1}}"#)).collect();
        let mut template = RowTemplate::default();
        for row in &rows {
            template.learn(row, &[(0, &row[row.len() - 2..row.len() - 1])]);
        }
        assert!(template.nodes.len() <= MOST_NODES && template.nodes[0].next.len() <= MOST_EDGES);
        assert!(read(&template, &rows[0]).is_some() && read(&template, &rows[9_999]).is_none());
    }
}
