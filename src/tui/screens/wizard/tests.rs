use crate::app::update::wizard::testing::{Driver, refused};
use crate::tui::testing::screen;

#[test]
fn look() {
    for (name, mut driver) in [
        ("partner", Driver::new()),
        ("details", Driver::at_details()),
        ("filled", Driver::filled()),
        ("testing", Driver::testing()),
        ("tested", Driver::tested()),
        ("review", Driver::reviewing()),
        ("sync", Driver::syncing()),
    ] {
        println!("=== {name}\n{}", screen(&driver.model, (80, 24)));
        println!("=== {name}\n{}", screen(&driver.model, (40, 12)));
        println!("=== {name}\n{}", screen(&driver.model, (120, 40)));
        driver.model.lang = crate::model::lang::Lang::Nl;
        println!("=== {name}\n{}", screen(&driver.model, (80, 24)));
    }
    let mut d = Driver::testing();
    d.answer_all(refused);
    println!("=== failed\n{}", screen(&d.model, (80, 24)));
    let mut d = Driver::new();
    d.keys("enter down space down");
    println!("=== pre\n{}", screen(&d.model, (80, 24)));
    let mut d = Driver::at_details();
    d.keys("ctrl-d");
    println!("=== err\n{}", screen(&d.model, (80, 24)));
}
