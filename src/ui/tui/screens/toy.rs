//! The screen that only the tests have.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::Draw;
use crate::ui::app::model::Model;
use crate::ui::app::toy::Toy;
use crate::ui::tui::over;
use crate::ui::tui::theme::Theme;

impl Draw for Toy {
    fn draw(&self, frame: &mut Frame<'_>, area: Rect, _model: &Model, _theme: Theme) {
        let place = Rect { height: if self.boxed { area.height.min(1) } else { area.height }, ..area };
        over::clear(frame, place);
        frame.render_widget(Line::raw(format!("number: {:?}", self.number)), place);
    }

    fn header(&self, _model: &Model) -> (String, String) {
        ("Toy".to_owned(), "in tests".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::app::testing::model;
    use crate::ui::tui::testing::screen;

    #[test]
    fn a_screen_has_header_body_and_footer_and_a_box_lies_over_the_screen_below() {
        let mut whole = model();
        whole.show(Toy { number: Some(Ok(7)), ..Toy::default() });
        let shown = screen(&whole, (80, 24));
        assert!(shown.starts_with(" Toy") && shown.contains("number: Some(Ok(7))"), "{shown}");
        assert!(shown.contains(" enter new  esc back") && shown.contains("? help"), "{shown}");
        let over = screen(&model().cover(Toy { boxed: true, ..Toy::default() }), (80, 24));
        assert!(over.starts_with(" itsmc") && over.contains("number: None") && over.contains("contoso"), "{over}");
    }
}
