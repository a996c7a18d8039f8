//! A line of tabs: which of them are shown, and where each stands.

use unicode_width::UnicodeWidthStr;

/// The tabs that are shown, in order; where not all fit, those before the one in front are left out until it does, and those
/// after it that do not fit whole. Each has a cell at either side of its name; a cell before the first and one after the last
/// tell whether some were left out.
pub fn shown<T: Copy + PartialEq>(all: &[T], name: impl Fn(T) -> &'static str, front: T, room: usize) -> &[T] {
    let at = all.iter().position(|tab| *tab == front).unwrap_or_default();
    let fits = |from: usize, to: usize| {
        let names = all.get(from..to).unwrap_or_default().iter();
        1 + names.map(|tab| name(*tab).width() + 2).sum::<usize>() + usize::from(to < all.len()) <= room
    };
    let from = (0..at).find(|from| fits(*from, at + 1)).unwrap_or(at);
    let to = (at + 2..=all.len()).rev().find(|to| fits(from, *to)).unwrap_or(at + 1);
    all.get(from..to).unwrap_or_default()
}

/// How many tabs after the one in front the one at a cell of the line stands.
pub fn at<T: Copy + PartialEq>(
    all: &[T],
    name: impl Fn(T) -> &'static str,
    front: T,
    room: usize,
    cell: usize,
) -> Option<isize> {
    let shown = shown(all, &name, front, room);
    let mut used = 1;
    let clicked = shown.iter().position(|tab| {
        let from = used;
        used += name(*tab).width() + 2;
        (from..used).contains(&cell)
    });
    let front = shown.iter().position(|tab| *tab == front).unwrap_or_default();
    clicked.map(|clicked| clicked.cast_signed() - front.cast_signed())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [&str; 4] = ["one", "two", "three", "four"];

    #[test]
    fn the_one_in_front_is_always_whole_and_no_other_is_cut() {
        let shown = |front, room| shown(&ALL, |name| name, front, room);
        assert_eq!(shown("one", 24), ALL);
        assert_eq!(shown("one", 23), ["one", "two", "three"]);
        assert_eq!(shown("four", 22), ["two", "three", "four"]);
        assert_eq!(shown("two", 12), ["one", "two"]);
        assert_eq!(shown("two", 11), ["two"]);
        assert_eq!(shown("three", 3), ["three"]);
    }

    #[test]
    fn a_click_finds_the_tab_under_it() {
        let at = |cell| at(&ALL, |name| name, "four", 22, cell);
        let [before, here] = [Some(-1), Some(0)];
        assert_eq!([0, 1, 5, 6, 12, 13, 18, 19].map(at), [None, Some(-2), Some(-2), before, before, here, here, None]);
    }
}
