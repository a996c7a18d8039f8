//! Which columns the table of work items has.

use crate::model::items::ItemColumn;
use crate::ui::app::model::Facts;

/// The columns by their worth, each with the columns of the terminal from which on it is shown where nobody chose.
const BY_WIDTH: [(ItemColumn, u16); 10] = [
    (ItemColumn::Number, 0),
    (ItemColumn::Title, 0),
    (ItemColumn::State, 0),
    (ItemColumn::Changed, 56),
    (ItemColumn::Priority, 74),
    (ItemColumn::Assignee, 110),
    (ItemColumn::Group, 130),
    (ItemColumn::Opened, 150),
    (ItemColumn::Computer, 170),
    (ItemColumn::Kind, 190),
];

/// The columns of a table so wide, in the order of the table: those that were chosen, else as many as suit the width.
pub fn shown(facts: &Facts, width: u16) -> Vec<ItemColumn> {
    if let Some(chosen) = &facts.settings.columns {
        return chosen.clone();
    }
    let wide = |column: &ItemColumn| BY_WIDTH.iter().any(|(known, from)| known == column && width >= *from);
    ItemColumn::ALL.into_iter().filter(wide).collect()
}

/// The same for a table over the whole terminal.
pub fn chosen(facts: &Facts) -> Vec<ItemColumn> {
    shown(facts, facts.size.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::app::testing::fresh;

    #[test]
    fn a22_wider_terminals_have_more_columns_and_every_column_has_a_width() {
        let facts = fresh().facts;
        let count = |width| shown(&facts, width).len();
        assert_eq!([40, 80, 120, 200].map(count), [3, 5, 6, 10]);
        assert!((30..250).is_sorted_by_key(count));
        assert_eq!(shown(&facts, 40), [ItemColumn::Number, ItemColumn::Title, ItemColumn::State]);
    }
}
